"""Which value-added services somebody means who writes their codes, or what they are called."""

import re
from collections.abc import Iterable, Iterator, Mapping

from services.ordering.domain.service_offer import ServiceOffer
from shared.errors import Disallowed, NotFound

NOTHING = frozenset({"-", "–", "—", "none", "no", "无", "否"})
"""What people write into a cell that is to be empty."""

MOST_NAMED = 10


class NoSuchService(NotFound):
    """There is no value-added service "{text}" that can be ordered now."""

    fix = "Write codes with a semicolon between them; there are: {possible}."


class AmbiguousService(Disallowed):
    """Several value-added services are called {text}: {choices}."""

    fix = "Write the code of the one that is meant: {choices}."


def services_called(text: str, sold: Mapping[str, ServiceOffer]) -> tuple[str, ...]:
    """Return the services a cell names, each once; NoSuchService or AmbiguousService.

    They are named by code, resource name or what they are called, with semicolons between them;
    commas do too, where they are in no name.
    """
    parts = (part.strip() for part in re.split(r"[;；|\n]", text))
    wanted = [part for part in parts if part and part.lower() not in NOTHING]
    return tuple(dict.fromkeys(name for part in wanted for name in _meant(part, sold)))


def _meant(part: str, sold: Mapping[str, ServiceOffer]) -> Iterator[str]:
    apart = [each.strip() for each in re.split("[,，、]", part)]
    whole = len(apart) == 1 or bool(_called(part, sold.values()))
    for text in [part] if whole else filter(None, apart):
        found = _called(text, sold.values())
        if len(found) > 1:
            raise AmbiguousService(text=text[:40], choices=_codes(found))
        if not found:
            raise NoSuchService(text=text[:40], possible=_codes(sold) or "–")
        yield found[0]


def _called(text: str, offers: Iterable[ServiceOffer]) -> list[str]:
    """Return the services of this code or name; of those called so, if none has it for a code."""
    given = " ".join(text.lower().split()).removeprefix("valueaddedservices/")
    offers = list(offers)
    return [each.service for each in offers if _code(each.service) == given] or [
        each.service for each in offers if " ".join(each.display_name.lower().split()) == given
    ]


def _codes(names: Iterable[str]) -> str:
    codes = sorted(map(_code, names))
    return ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")


def _code(name: str) -> str:
    return name.rpartition("/")[2].lower()
