"""Ordering, ready to be asked."""

import pytest

from services.ordering.tests.desk import Desk
from shared.testing.databases import Databases
from shared.testing.serving import Peer, Serving


@pytest.fixture
def desk(databases: Databases, serving: Serving, peer: Peer) -> Desk:
    return Desk(databases, serving, peer)
