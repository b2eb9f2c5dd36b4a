"""A message to one account, and the ways it is sent outside Millrun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from string import Formatter
from uuid import UUID

from services.notification.domain.errors import DeliveryCannotBecome
from services.notification.domain.events import MessageFailed
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class Channel(Enum):
    """A way to reach somebody outside Millrun."""

    MAIL = "mail"
    SMS = "sms"
    WECHAT = "wechat"


class State(Enum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


BECOMES = {
    State.PENDING: {State.PENDING, State.DELIVERED, State.FAILED},
    State.DELIVERED: set[State](),
    State.FAILED: set[State](),
}
"""The state chart: what is pending may be tried again; both ends are final."""

ATTEMPTS = 5
"""How often a delivery is tried."""

LEASE = timedelta(seconds=60)
"""How long whoever sends has for it: far longer than sending may take, so nobody else begins."""


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 5 s, 20 s, 80 s, 320 s."""
    return timedelta(seconds=5 * 4 ** (attempts - 1))


BESIDES: Mapping[str, tuple[str, ...]] = {"changes": ("differences", "differences_count")}
"""What says in parts what a fact says in an English sentence: kept with it, for other languages."""


@dataclass(kw_only=True, eq=False)
class Delivery:
    """One way a message is sent."""

    message_id: UUID = field(init=False)
    account: str
    channel: Channel
    address: str
    state: State
    attempts: int
    error: str
    due_at: datetime

    def begin(self) -> None:
        """Somebody sends it now; should they die of it, it is due again when the lease ends."""
        self._become(State.PENDING)
        self.attempts += 1
        self.due_at = now() + LEASE

    def succeed(self) -> None:
        """The channel took it."""
        self._become(State.DELIVERED)
        self.error = ""

    def fail(self, error: str) -> None:
        """The channel did not take it; it is tried again until it was often enough."""
        self._become(State.FAILED if self.attempts >= ATTEMPTS else State.PENDING)
        self.error = error
        self.due_at = now() + pause(self.attempts)

    def _become(self, wanted: State) -> None:
        if wanted not in BECOMES[self.state]:
            raise DeliveryCannotBecome(
                channel=self.channel.value, state=self.state.value, wanted=wanted.value
            )
        self.state = wanted


def _names(sentence: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


class Message(Aggregate):
    """Something an account should know. It belongs to the account, in whichever space it acts."""

    enterprise = ""

    id: UUID
    account: str
    subject: str
    text: str
    subject_form: str
    """The sentence the subject is made of, with names where facts stand."""

    text_form: str
    facts: Mapping[str, str]
    about: str
    read_at: datetime | None
    created_at: datetime
    deliveries: list[Delivery]

    @classmethod
    def to(
        cls, account: str, *, subject: str, text: str = "", facts: Mapping[str, str], about: str
    ) -> Message:
        """Tell `account` something about the resource `about`.

        Both sentences name `facts` in braces; those they name are kept beside them, so that
        whoever shows the message can say it in another language.
        """
        message = cls()
        message.id, message.account, message.created_at = new_id(), account, now()
        message.subject_form, message.text_form, message.about = subject, text, about
        message.subject = subject.format_map(facts)
        message.text = text.format_map(facts).strip()
        named = _names(subject) | _names(text)
        besides = {name for fact in named for name in BESIDES.get(fact, ()) if name in facts}
        message.facts = {name: facts[name] for name in sorted(named | besides)}
        message.read_at, message.deliveries, message.sequence = None, [], 0
        return message

    @property
    def name(self) -> str:
        return f"{self.account}/messages/{self.id}"

    @property
    def outcomes(self) -> list[Mapping[str, str]]:
        """How it was sent, as whoever reads it sees it."""
        return [
            {"channel": each.channel.value, "state": each.state.name, "error": each.error}
            for each in sorted(self.deliveries, key=lambda each: each.channel.value)
        ]

    def send_over(self, addresses: Mapping[Channel, str]) -> None:
        """Have it sent to each of `addresses` too."""
        for channel, address in addresses.items():
            self.deliveries.append(
                Delivery(
                    account=self.account,
                    channel=channel,
                    address=address,
                    state=State.PENDING,
                    attempts=0,
                    error="",
                    due_at=self.created_at,
                )
            )

    def read(self) -> None:
        """The account read it; the first time counts."""
        self.read_at = self.read_at or now()

    def sent(self, channel: Channel, *, error: str = "") -> None:
        """Note what became of sending it over `channel`; the last failure of all is told (A21)."""
        delivery = next(each for each in self.deliveries if each.channel is channel)
        if not error:
            delivery.succeed()
            return
        delivery.fail(error)
        if all(each.state is State.FAILED for each in self.deliveries):
            self.record(MessageFailed(message=self.name, about=self.about, error=error))
