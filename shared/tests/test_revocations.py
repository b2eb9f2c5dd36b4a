"""That authorization is away is worth a word once it is for a while, and one only."""

from contextlib import closing
from typing import Any

import pytest
import structlog

from shared import revocations
from shared.clients import Clients
from shared.revocations import following
from shared.status import PeerAway
from shared.testing import LONG, eventually


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocations, "EVERY", 0.001)


class Away(Clients):
    """Knows where authorization should be, and counts how often it was asked for in vain."""

    def __init__(self) -> None:
        super().__init__({"authorization": "127.0.0.1:1"})
        self.times = 0

    def of(self, stub: type[Any], *, at: str = "") -> Any:
        """Refuse as if nobody answered."""
        self.times += 1
        raise PeerAway(peer="authorization", cause="UNAVAILABLE: nobody")


def said() -> list[str]:
    """Return what is said while authorization is asked in vain twenty times."""
    with (
        closing(Away()) as away,
        structlog.testing.capture_logs() as logs,
        following(away),
    ):
        eventually(lambda: away.times >= 20)
    return [each["event"] for each in logs]


def test_who_starts_with_all_the_others_waits_for_authorization_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revocations, "SAID_AFTER", LONG)  # asking twenty times may take a while
    assert said() == []


def test_that_it_is_away_for_a_while_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocations, "SAID_AFTER", 0)
    assert said() == ["revocations not heard"]
