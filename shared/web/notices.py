"""Messages to people in the reader's language: kept as sentence and facts, said when shown."""

from collections.abc import Mapping

from jinja2 import Environment
from millrun.notification.v1.feed_pb2 import Message

from shared.web import revised
from shared.web.formats import amounts
from shared.web.text import gettext

SENTENCES = frozenset({"reason"})
"""Facts that may be a sentence of ours, and then are translated, too."""


def subject(message: Message) -> str:
    """Return the one line that says what happened."""
    return _worded(message.subject_form, message.facts, message.subject)


def text(message: Message) -> str:
    """Return what to do about it; may be empty."""
    return _worded(message.text_form, message.facts, message.text)


def _worded(form: str, facts: Mapping[str, str], otherwise: str) -> str:
    """Fill the translated `form`; `otherwise` is it in English, and all there is of old ones."""
    if not form:
        return gettext(otherwise)
    facts = {**facts, **revised.changes(facts)}
    said = {name: _fact(name, fact) for name, fact in facts.items()}
    try:
        return gettext(form).format_map(said).strip()
    except (KeyError, ValueError, IndexError):
        return otherwise


def _fact(name: str, fact: str) -> str:
    return gettext(fact) if name in SENTENCES else amounts(fact)


def install(environment: Environment) -> None:
    """Give templates these as filters."""
    environment.filters["notice_subject"] = subject
    environment.filters["notice_text"] = text
