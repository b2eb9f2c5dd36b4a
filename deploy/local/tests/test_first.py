"""The first start makes accounts and tells the demo, once, however it ends."""

import subprocess
from io import StringIO

import pytest

from deploy.local import first
from deploy.local.ground import Ground
from deploy.local.plan import Plan
from deploy.local.ports import Address
from deploy.local.progress import Progress
from deploy.local.signins import SignIns
from deploy.local.state import State
from shared.errors import Refusal

GROUND = Ground(common={}, own={"authorization": {"AUTHORIZATION_DATABASE_URL": "there"}})


class Outside:
    """Stands for the processes that are started: says how they end, remembers what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ends: dict[str, int] = {}
        self.asked: list[str] = []
        monkeypatch.setattr(subprocess, "run", self._run)

    def _run(
        self, command: list[str], input: str = "", **_: object
    ) -> subprocess.CompletedProcess[str]:
        what = "demo" if "demo" in command else "staff"
        self.asked.append(what)
        emails = [part.split('"')[1] for part in input.split('"email": ')[1:]]
        made = "".join(f"made {email}\n" for email in emails) if what not in self.ends else ""
        return subprocess.CompletedProcess(command, self.ends.get(what, 0), made, "out of order")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Return what the processes that are started do."""
    return Outside(monkeypatch)


def plan(state: State, *, demo: bool = True) -> Plan:
    """Return a run of Millrun."""
    portal, console = Address("127.0.0.1", 1), Address("127.0.0.1", 2)
    return Plan(state=state, portal=portal, console=console, demo=demo)


def test_accounts_and_demo_are_made_once(
    state: State, progress: Progress, outside: Outside
) -> None:
    for _ in range(2):
        first.first_start(plan(state), GROUND, progress)
    assert outside.asked == ["staff", "demo"]
    assert all(one.ready for one in SignIns(state.sign_ins))


def test_a_start_without_accounts_is_refused_and_the_next_one_makes_them(
    state: State, progress: Progress, outside: Outside
) -> None:
    outside.ends["staff"] = 1
    with pytest.raises(Refusal, match="out of order"):
        first.first_start(plan(state), GROUND, progress)
    outside.ends.clear()
    first.first_start(plan(state), GROUND, progress)
    assert outside.asked == ["staff", "staff", "demo"]


def test_a_demo_that_fails_is_said_and_not_repeated(
    state: State, screen: StringIO, progress: Progress, outside: Outside
) -> None:
    outside.ends["demo"] = 1
    for _ in range(2):
        first.first_start(plan(state), GROUND, progress)
    assert outside.asked == ["staff", "demo"]
    assert "runs all the same" in screen.getvalue()


def test_a_millrun_that_began_without_demo_is_never_filled(
    state: State, progress: Progress, outside: Outside
) -> None:
    first.first_start(plan(state, demo=False), GROUND, progress)
    first.first_start(plan(state), GROUND, progress)
    assert outside.asked == ["staff"]
