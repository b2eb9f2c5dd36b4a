"""What can be asked of notification, and what it notes of its own accord."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.notification.domain.contact import Contact, OrderPeople
from services.notification.domain.errors import MessageNotFound, MessagesNotFound
from services.notification.domain.message import Message
from services.notification.domain.notices import Audience, Notice, notices_of
from services.notification.settings import channels_of
from services.notification.store import Contacts, Messages
from services.notification.store.messages import see_own
from shared.caller import Caller
from shared.names import enterprise_of, parse

EVERYBODY = frozenset(Audience)


def read_message(tx: Session, *, name: str, caller: Caller) -> Message:
    """The caller read one of their messages."""
    message = _own(tx, name, caller)
    message.read()
    return message


def read_messages(tx: Session, *, parent: str, newest: str, caller: Caller) -> int:
    """The caller read all of their messages, up to the `newest` they saw; return how many."""
    (account,) = parse("accounts/*", parent)
    if f"accounts/{account}" not in {"accounts/me", caller.account}:
        raise MessagesNotFound(account=parent)
    see_own(tx, caller)
    last = _own(tx, newest, caller).id if newest else None
    return Messages(tx).read_all(caller.account, up_to=last)


def _own(tx: Session, name: str, caller: Caller) -> Message:
    """Return a message of the caller's."""
    account, _ = parse("accounts/*/messages/*", name)
    if f"accounts/{account}" not in {"accounts/me", caller.account}:
        raise MessageNotFound(message=name)
    see_own(tx, caller)
    return Messages(tx).get(name)


def enter_contact(tx: Session, *, contact: Contact) -> None:
    """Somebody can be reached from now on; what they were told before is sent after them."""
    Contacts(tx).enter(contact)
    if addresses := contact.addresses(channels_of(tx)):
        for message in Messages(tx).never_sent(contact.account):
            message.send_over(addresses)


@dataclass(frozen=True, kw_only=True)
class News:
    """An event people may have to be told of."""

    event: str
    facts: Mapping[str, str]
    about: str
    people: OrderPeople
    only: Collection[Audience] = EVERYBODY
    addendum: bool = False
    """Whether it is about an addendum to a contract."""

    ordered: Sequence[str] = ()
    """What the order is for and of which family, where the event says so."""

    def subject(self, notice: Notice) -> str:
        """Return in which sentence `notice` tells of it."""
        return (notice.of_addendum if self.addendum else "") or notice.subject

    def text(self, notice: Notice) -> str:
        """Return what `notice` says is to be done about it."""
        other = (notice.text_of[each] for each in self.ordered if each in notice.text_of)
        return next(other, notice.text)


def tell_people(tx: Session, news: Iterable[News]) -> None:
    """Tell those the table of notices names, as far as each of `news` is for them."""
    told: list[Message] = []
    for each in news:
        for notice in notices_of(each.event):
            told += [
                Message.to(
                    account,
                    subject=each.subject(notice),
                    text=each.text(notice),
                    facts=each.facts,
                    about=each.about,
                )
                for account in _accounts(tx, notice, each)
            ]
    _send(tx, told)


def _accounts(tx: Session, notice: Notice, news: News) -> list[str]:
    """Return who is told, each once."""
    audiences = notice.to.intersection(news.only)
    return sorted({each for to in audiences for each in _audience(tx, to, news)})


def _audience(tx: Session, to: Audience, news: News) -> list[str]:
    """Return who is meant; nobody, where who it is has not been heard yet."""
    match to:
        case Audience.FINANCE | Audience.PRODUCTION | Audience.CERTIFIER:
            return Contacts(tx).staff(to.name)
        case Audience.ADMINISTRATORS:
            return Contacts(tx).administrators(enterprise_of(news.about))
        case Audience.OWNERS:
            owner = news.facts["owner"]
            return Contacts(tx).administrators(enterprise_of(owner)) if owner else []
        case Audience.ASKED:
            return _asked(Contacts(tx), news.facts["asked"])
        case Audience.ACCOUNT:
            named = news.facts["account"]
        case _:
            named = getattr(news.people, to.name.lower())
    return [named] if named else []


def _asked(contacts: Contacts, asked: str) -> list[str]:
    """Return who is asked: an account, an enterprise's administrators, or else the certifiers."""
    if asked.startswith("accounts/"):
        return [asked]
    enterprise = enterprise_of(asked)
    return contacts.administrators(enterprise) if enterprise else contacts.staff("CERTIFIER")


def _send(tx: Session, told: list[Message]) -> None:
    """Keep the messages, to be sent to wherever their accounts can be reached."""
    channels = channels_of(tx)
    reached = Contacts(tx).of({each.account for each in told}) if told and channels else []
    addresses = {each.account: each.addresses(channels) for each in reached}
    for message in told:
        message.send_over(addresses.get(message.account, {}))
    Messages(tx).add(told)
