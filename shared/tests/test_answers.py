"""An answer is remembered while what it is about does not change, and never longer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from millrun.authorization.v1.authorization_pb2 import CheckPurchaseResponse, PurchaseVerdict
from millrun.operations.v1.operations_pb2 import ListInvalidationsResponse
from millrun.operations.v1.validity_pb2 import Invalidation

from shared import answers as module
from shared import call
from shared.answers import LEASE, LONGEST, WORTH, Answers
from shared.call import Call
from shared.clock import now
from shared.invalidations import subject_of
from shared.status import PeerAway
from shared.testing.waits import eventually

LAMP, PLUG = "products/lamp", "products/plug"


@dataclass
class Peer:
    """A service that counts what it is asked, and a clock of its own."""

    changes: list[list[str]] = field(default_factory=list)
    """What it tells next, a list of names a question; an empty name is everything."""

    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    moment: float = 100.0
    away: bool = False
    again: bool = False
    """Whether it tells once more what it told last."""

    told: list[Invalidation] = field(default_factory=list)
    while_asked: Callable[[], object] = lambda: None

    def listing(self, token: str) -> ListInvalidationsResponse:
        self.tokens.append(token)
        if self.away:
            raise PeerAway(peer="catalog")
        names = self.changes.pop(0) if self.changes else []
        if not self.again:
            first = len(self.tokens) * 100
            self.told = [
                Invalidation(position=first + place, subject=subject_of(name) if name else b"")
                for place, name in enumerate(names)
            ]
        return ListInvalidationsResponse(
            invalidations=self.told, next_page_token=str(len(self.tokens))
        )

    def answers(self) -> Answers:
        return Answers("catalog", self.listing, clock=lambda: self.moment)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def answers(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers that look when a test says so, and not by themselves."""
    monkeypatch.setattr(Answers, "_awake", lambda _: None)
    return peer.answers()


def asked(
    answers: Answers, peer: Peer, name: str = LAMP, *, hold: float | None = None, also: str = ""
) -> int:
    """What is known of `name`: remembered, or asked for; the answer counts up.

    It is about `also`, too.
    """

    def ask() -> CheckPurchaseResponse:
        peer.asked.append(name)
        number = len(peer.asked)
        peer.while_asked()
        answer = CheckPurchaseResponse(verdicts=[PurchaseVerdict(remaining=number)])
        if name != "capped":
            answer.validity.subjects.extend(subject_of(each) for each in (name, also) if each)
        if hold is not None:
            answer.validity.expire_time.FromDatetime(now() + timedelta(seconds=hold))
        return answer

    found: int | None = answers.recall(name)
    if found is not None:
        return found
    return answers.ask(name, ask, lambda answer: int(answer.verdicts[0].remaining))


def kept_about(answers: Answers) -> dict[bytes, int]:
    """How many answers are kept about each subject there are any about."""
    return {subject: len(about) for subject, about in answers._by_subject.items()}


def follow(answers: Answers, peer: Peer) -> None:
    """Ask so often that it is worth following, and begin to."""
    for _ in range(WORTH):
        answers.recall("anything")
    assert answers.look()


def test_what_is_followed_is_asked_once(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    assert [asked(answers, peer) for _ in range(3)] == [1, 1, 1]
    assert peer.asked == [LAMP]


def test_below_some_questions_a_second_nothing_is_remembered(answers: Answers, peer: Peer) -> None:
    for _ in range(WORTH - 1):
        asked(answers, peer)
    assert not answers.look()
    assert [asked(answers, peer), asked(answers, peer)] == [WORTH, WORTH + 1]
    assert peer.tokens == []


def test_what_was_asked_before_it_was_followed_is_not_remembered(
    answers: Answers, peer: Peer
) -> None:
    asked(answers, peer)
    follow(answers, peer)
    assert asked(answers, peer) == 2


def test_what_changed_is_asked_again_and_nothing_else(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer), asked(answers, peer, PLUG)
    peer.changes.append([PLUG])
    follow(answers, peer)
    assert (asked(answers, peer), asked(answers, peer, PLUG)) == (1, 3)


def test_everything_may_have_changed(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer), asked(answers, peer, PLUG)
    peer.changes.append([""])
    follow(answers, peer)
    assert (asked(answers, peer), asked(answers, peer, PLUG)) == (3, 4)


def test_what_is_told_again_is_no_news(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    peer.changes.append([LAMP])
    follow(answers, peer)
    asked(answers, peer)
    peer.again = True
    follow(answers, peer)
    assert asked(answers, peer) == 1


def test_what_stands_for_many_is_news_each_time(answers: Answers, peer: Peer) -> None:
    """Of what is behind it nobody knows whether it was told before."""
    peer.again, peer.told = True, [Invalidation(position=0, subject=b"")]
    follow(answers, peer)
    asked(answers, peer)
    follow(answers, peer)
    assert asked(answers, peer) == 2


def test_what_changes_while_it_is_asked_is_not_remembered(answers: Answers, peer: Peer) -> None:
    """The answer may be from before, and what changed was told already when it arrives."""
    follow(answers, peer)
    peer.changes.append([LAMP])
    peer.while_asked = lambda: follow(answers, peer)
    asked(answers, peer)
    peer.while_asked = lambda: None
    assert asked(answers, peer) == 2


def test_what_nothing_was_heard_of_is_asked_again(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer)
    peer.away = True
    follow(answers, peer)
    peer.moment += LEASE - 0.01
    assert asked(answers, peer) == 1
    peer.moment += 0.01
    assert asked(answers, peer) == 2


def test_who_was_away_tells_what_changed_meanwhile(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer)
    peer.away = True
    follow(answers, peer)
    peer.moment, peer.away = peer.moment + 3 * LEASE, False
    peer.changes.append([PLUG])
    follow(answers, peer)
    assert peer.tokens == ["", "1", "1"]
    assert asked(answers, peer) == 1


def test_an_answer_holds_as_long_as_it_says(answers: Answers, peer: Peer) -> None:
    with time_machine.travel(now(), tick=False):
        follow(answers, peer)
        asked(answers, peer, hold=0.25)
        peer.moment += 0.24
        assert asked(answers, peer, hold=0.25) == 1
        peer.moment += 0.02
        assert asked(answers, peer, hold=0.25) == 2


def test_nothing_is_remembered_for_more_than_a_minute(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer)
    for _ in range(int(LONGEST / LEASE)):
        peer.moment += LEASE
        follow(answers, peer)
    assert asked(answers, peer) == 2


def test_an_answer_that_says_nothing_of_that_holds_only_now(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    assert [asked(answers, peer, "capped") for _ in range(2)] == [1, 2]


def test_quiet_forgets(answers: Answers, peer: Peer) -> None:
    follow(answers, peer)
    asked(answers, peer)
    assert not answers.look()
    follow(answers, peer)
    assert asked(answers, peer) == 2
    assert peer.tokens == ["", ""]


def test_it_does_not_grow_without_end(
    answers: Answers, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    follow(answers, peer)
    for name in ("a", "b", "c", "d"):
        asked(answers, peer, name)
    assert [asked(answers, peer, name) for name in ("d", "a")] == [4, 5]


def test_what_was_forgotten_leaves_nothing_behind(answers: Answers, peer: Peer) -> None:
    """However long it is busy without a pause: an enterprise stays, its drafts come and go."""
    follow(answers, peer)
    for number in range(50):
        draft = f"drafts/{number}"
        asked(answers, peer, draft, also=LAMP)
        asked(answers, peer, draft, also=LAMP)
        peer.changes.append([draft])
        follow(answers, peer)
    asked(answers, peer, PLUG, also=LAMP)

    assert len(peer.asked) == 51, "each was remembered until it changed"
    assert kept_about(answers) == {subject_of(PLUG): 1, subject_of(LAMP): 1}
    peer.changes.append([LAMP])
    follow(answers, peer)
    assert kept_about(answers) == {}


def test_what_an_answer_is_about_may_change(answers: Answers, peer: Peer) -> None:
    with time_machine.travel(now(), tick=False):
        follow(answers, peer)
        asked(answers, peer, hold=0.1, also="modules/1")
        peer.moment += 0.1
        asked(answers, peer, hold=0.1, also="modules/2")
    assert kept_about(answers) == {subject_of(LAMP): 1, subject_of("modules/2"): 1}


def test_a_call_is_told_that_something_was_remembered_and_may_ask_afresh(
    answers: Answers, peer: Peer
) -> None:
    follow(answers, peer)
    with call.within(Call()) as asking:
        said = [asked(answers, peer) and asking.remembering for _ in range(2)]
    assert said == [False, True]
    with call.within(Call(afresh=True)) as asking:
        assert asked(answers, peer) == 2
        assert not asking.remembering
    assert asked(answers, peer) == 2


def test_it_follows_by_itself_while_much_is_asked_and_ends_when_told(peer: Peer) -> None:
    answers = peer.answers()

    def remembered() -> bool:
        for _ in range(WORTH):
            asked(answers, peer)
        before = len(peer.asked)
        asked(answers, peer)
        return len(peer.asked) == before

    eventually(remembered)
    answers.close()
    assert not [each for each in threading.enumerate() if each.name == "answers.catalog"]
