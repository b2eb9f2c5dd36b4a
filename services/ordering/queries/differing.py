"""What differs between two frozen orders, field by field."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from services.ordering.domain.amendment import Changed, plain
from shared.money import Money

Flat = dict[tuple[int, str], str]
"""Every text and number of an order, by line (0 for none) and path."""


def differ(before: bytes, after: bytes) -> Iterator[Changed]:
    """Yield what differs, lines by their numbers; a line that came or went is one thing."""
    was, will = (json.loads(each) for each in (before, after))
    lines_before, lines_after = _lines(was), _lines(will)
    came_or_went = lines_before.keys() ^ lines_after.keys()
    for line_no in sorted(came_or_went):
        yield Changed(
            line_no=line_no,
            field="line",
            before=lines_before.get(line_no, ""),
            after=lines_after.get(line_no, ""),
        )
    yield from _fields_differ(_flat(was, came_or_went), _flat(will, came_or_went))


def amount(money: dict[str, Any]) -> Money:
    """Read an amount from proto3 JSON."""
    nanos = Decimal(money.get("nanos", 0)).scaleb(-9)
    return Money(money["currencyCode"], Decimal(money.get("units", 0)) + nanos)


def _fields_differ(was: Flat, will: Flat) -> Iterator[Changed]:
    for key in sorted(was.keys() | will.keys()):
        line_no, field = key
        before, after = was.get(key, ""), will.get(key, "")
        if before != after:
            yield Changed(line_no=line_no, field=field, before=before, after=after)


def _lines(ordered: dict[str, Any]) -> dict[int, str]:
    return {int(line["lineNo"]): f"{line['quantity']} × {line['pid']}" for line in ordered["lines"]}


def _flat(ordered: dict[str, Any], but: set[int]) -> Flat:
    flat: Flat = {}
    for name, value in ordered.items():
        if name == "lines":
            for line in value:
                if (number := int(line["lineNo"])) not in but:
                    flat |= {(number, path): text for path, text in _leaves(line, "")}
        elif name != "revision":
            flat |= {(0, path): text for path, text in _leaves(value, _snake(name))}
    return flat


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text and number in it with its path; an amount of money is one of them."""
    if isinstance(value, dict) and "currencyCode" in value:
        yield path, plain(amount(value))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{_snake(name)}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            if isinstance(item, dict) and "service" in item:
                yield from _service(item, path)
            else:
                yield from _leaves(item, f"{path}.{number}")
    else:
        yield path, str(value)


def _service(service: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield a value-added service under its own id, wherever on the line it stands."""
    rest = {**service}
    own = f"{path}.{rest.pop('service').rpartition('/')[2]}"
    yield own, rest.pop("displayName", "")
    yield from _leaves(rest, own)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
