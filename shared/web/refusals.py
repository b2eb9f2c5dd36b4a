"""What services refuse, as people are told: in their language, and in the words of the pages.

A service answers programs, too: what it says names fields and resources as the contract does, and
programs are told just that. Pages say the same in sentences of their own where there are any, found
by reason in `locale/<language>/*.po`, English ones as well, and call what is named as people do.
"""

import re
from collections.abc import Mapping

from shared.web.formats import AMOUNT, RND, amounts, last
from shared.web.missing import asked_for, labelled
from shared.web.said import said
from shared.web.text import _, gettext, written

WORDS = frozenset(
    {"allowed", "channel", "family", "instalment", "kind", "lifecycle", "method", "move", "party"}
    | {"possible", "purpose", "role", "roles", "state", "wanted", "what"}
)
"""The facts that are words of ours, one or several; all others are kept as they are."""

ROLES = frozenset({"allowed", "role", "roles"})
"""Those of them that are spelled as the contract spells them."""

SENTENCES = frozenset({"hold_reason", "reason", "why"})
"""The facts that are sentences, of people or of services."""

_NAME = re.compile(
    r"(?:accounts|enterprises|licenseTypes|modules|priceLists|valueAddedServices)(?:/[^/\s]+)+"
)
_PATH = re.compile(r"(?!the )[a-z][a-z0-9_.\[\] ]*")
_JOINED = re.compile(r"(, | or )")


def refused(part: str, reason: str, facts: Mapping[str, str], otherwise: str) -> str:
    """Return the sentence of a refusal (`part` is `refusal`), or its `fix`, for the reader.

    What nobody wrote for pages or translated stays as the service said it, `otherwise`, but for
    names: a product is called by its PID.
    """
    called = in_words(facts)
    sentence = written(part, reason)
    try:
        return sentence.format_map(called) if sentence else _renamed(otherwise, facts, called)
    except KeyError:  # Two services use one reason, with other facts.
        return _renamed(otherwise, facts, called)


def in_words(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts of a refusal as its reader calls them, in their language."""
    return {name: _in_words(name, fact) for name, fact in facts.items()}


def _in_words(name: str, fact: str) -> str:
    if name == "fields":
        return _(", ").join(asked_for(fact))
    if name == "field" and _PATH.fullmatch(fact):
        return labelled(fact.replace(" ", "_"))
    if name in WORDS or name == "field":
        words = fact.lower() if name in ROLES else fact
        return "".join(map(_word, _JOINED.split(words)))
    if name in SENTENCES:
        return said(fact)
    return last(fact) if _NAME.fullmatch(fact) else amounts(fact)


def _word(word: str) -> str:
    """Return `trial production` or `business_manager` as the reader says it within a sentence."""
    if _JOINED.fullmatch(word):
        return _(word)
    spelled = RND if word == "rnd" else word.replace("_", " ")
    capital = spelled[:1].upper() + spelled[1:]
    translated = gettext(capital)
    return spelled if translated == capital else translated


def _renamed(sentence: str, facts: Mapping[str, str], called: Mapping[str, str]) -> str:
    """Return what a service said, with what it named called as people do."""
    if (translated := gettext(sentence)) != sentence:
        return translated
    for name, fact in facts.items():
        if fact and (name in ROLES or "/" in fact or "_" in fact or AMOUNT.fullmatch(fact)):
            sentence = sentence.replace(fact, called[name])
    return sentence
