"""`kill -9` of every kind of process in the middle of the path.

CHAOS_SEED=7 picks other moments.
"""

import os
import random
from collections import Counter

import pytest

from deploy.local.people import Enterprise
from deploy.local.people.enterprise import fresh
from deploy.local.world import RUNNER
from e2e import checks
from e2e.chaos.killer import Killer
from e2e.stage import staged, submitted
from shared.testing import LONG

SEED = os.environ.get("CHAOS_SEED", "1")
PATIENCE = LONG
"""Seconds a client keeps asking, with the same key, while something is dead."""

SERVICES = (
    *("authorization", "catalog", "contract", "fulfillment", "notification"),
    *("ordering", "payment"),
)
KINDS = {
    "serve": [f"{service}-serve" for service in SERVICES],
    "work": [f"{service}-work" for service in SERVICES],
    "gateway": ["gateway"] * 3,
    "console": ["console"] * 3,
    "postgres": ["postgres"] * 2,
    "rabbitmq": ["rabbitmq"] * 2,
}
ONCE_TOLD = ("is confirmed", "is ready", "may go into production", "was issued", "is completed")


def completes(world, victims, seed):
    """Drive an order to its end while `victims` are killed, and look at what became of it."""
    with staged(world, patience=PATIENCE) as stage:
        enterprise = Enterprise.registers(stage.api, **fresh("Unlucky"))
        enterprise.is_certified_by(stage.vendor)
        journey = submitted(stage.vendor, enterprise, stage.firmware)
        Killer(world, victims, random.Random(seed)).drives(journey)
        checks.insist_whole(journey)

        def told():
            subjects = [each["subject"] for each in journey.buyer.messages()]
            counts = Counter(end for end in ONCE_TOLD for each in subjects if end in each)
            assert counts == dict.fromkeys(ONCE_TOLD, 1), subjects
            return True

        assert journey.buyer.sees(told)


@pytest.mark.rabbit
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_completes_though_processes_are_killed(split, kind):
    completes(split, KINDS[kind], f"{kind} {SEED}")


def test_an_order_completes_though_the_embedded_process_is_killed(embedded):
    completes(embedded, [RUNNER], f"embedded {SEED}")


def test_an_order_completes_though_the_embedded_database_is_killed(embedded):
    completes(embedded, ["postgres"], f"embedded postgres {SEED}")
