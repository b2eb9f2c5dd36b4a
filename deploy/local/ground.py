"""What every service stands on: PostgreSQL with its databases, keys, and a broker where needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from deploy.local.broker import broker
from deploy.local.databases import databases, there
from deploy.local.progress import Progress
from deploy.local.state import State

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Ground:
    """What processes find in their environment."""

    common: Environment
    """What all are told: where the keys and the broker are."""

    own: Mapping[str, Environment]
    """What only one service is told: its database, what it seals with."""

    def of(self, service: str) -> dict[str, str]:
        """Return all that `service` is told."""
        return {**self.common, **self.own[service]}


@contextmanager
def ground(
    services: Iterable[str], *, bus: str, state: State, progress: Progress
) -> Iterator[Ground]:
    """Have all of it while the block runs; yield where everything is.

    Databases and a broker named by the environment are used as they are. Refuses with NoPostgres,
    NoBroker or BrokerAway, and what fails in the block without PostgreSQL with PostgresWentAway.
    """
    names = list(services)
    with there(state), ExitStack() as stack, ThreadPoolExecutor(1) as beside:
        common = _keys(state)
        # The broker takes seconds, most of them waiting.
        rabbit = beside.submit(broker, names, stack, state, progress) if bus == "rabbitmq" else None
        own = databases(names, stack, state, progress)
        if "contract" in own:
            own["contract"] |= _seal(state)
        if "ordering" in own:
            own["ordering"] |= _passports(state)
        if "fulfillment" in own:
            own["fulfillment"] |= _licenses(state)
        if rabbit:
            common["AMQP_URL"] = rabbit.result()
        yield Ground(common, own)


def _keys(state: State) -> dict[str, str]:
    from shared.encryption import EncryptionKeys
    from shared.tokens import PRIVATE, Keys

    if not (state.keys / PRIVATE).exists():
        state.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        Keys.generate(state.keys)
    EncryptionKeys.ensure(state.keys)
    return {"MILLRUN_KEYS": str(state.keys)}


def _seal(state: State) -> dict[str, str]:
    """Have something contracts are sealed with: the vendor's own if it is named, else self-made."""
    if given := os.environ.get("CONTRACT_SEAL"):
        return {"CONTRACT_SEAL": given}
    from services.contract.seals import KEY

    if not (state.seal / KEY).exists():
        from services.contract.seal_keys import generate
        from shared.vendor import Vendor

        generate(state.seal, Vendor().legal_name)
    return {"CONTRACT_SEAL": str(state.seal)}


def _passports(state: State) -> dict[str, str]:
    """Have something orders are signed with: the vendor's own if it is named, else self-made."""
    if given := os.environ.get("ORDERING_PASSPORT_KEYS"):
        return {"ORDERING_PASSPORT_KEYS": given}
    from services.ordering.passport_keys import PRIVATE, generate

    if not (state.passports / PRIVATE).exists():
        generate(state.passports)
    return {"ORDERING_PASSPORT_KEYS": str(state.passports)}


def _licenses(state: State) -> dict[str, str]:
    """Have something codes are sealed with: the vendor's own if it is named, else self-made."""
    if given := os.environ.get("FULFILLMENT_LICENSE_KEYS"):
        return {"FULFILLMENT_LICENSE_KEYS": given}
    from services.fulfillment.license_keys import ensure

    ensure(state.licenses)
    return {"FULFILLMENT_LICENSE_KEYS": str(state.licenses)}
