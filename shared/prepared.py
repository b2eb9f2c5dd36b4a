"""Statements PostgreSQL keeps ready for whoever runs them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

Parameters = Sequence[Any] | Mapping[str, Any]
"""Values of a statement: in their order, or by their names."""


class Prepared(str):
    """A statement PostgreSQL keeps ready, whose parameters have the `types` it names.

    If it is the first of a transaction, it goes in the message that begins that; and if it needs
    no other, in the one that ends it too. Every message less is two processes that need not wake.
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    name: bytes
    """Under which PostgreSQL keeps it."""

    call: bytes
    """What runs it, with a place for each value."""

    preparation: str
    """What has PostgreSQL keep it."""

    violating: Mapping[str, type[Exception]]
    """What it means that it violates a constraint, by the constraint's name."""

    def __new__(cls, text: str, *types: str, **by_name: str) -> Self:
        """The types are PostgreSQL's; KeyError if a parameter with a name has none."""
        made = super().__new__(cls, text)
        made.names = tuple(dict.fromkeys(_NAMED.findall(text)))
        made.types = types or tuple(by_name[name] for name in made.names)
        made.name = b"kept_" + hashlib.sha256(text.encode()).hexdigest()[:16].encode()
        count = iter(range(1, len(made.types) + 1))
        numbered = {each: f"${next(count)}" for each in made.names}
        plain = _PLACE.sub(lambda found: numbered.get(found[1]) or f"${next(count)}", text)
        values = b", ".join([b"%s"] * len(made.types))
        made.call = b"execute %s(%s)" % (made.name, values) if values else b"execute " + made.name
        typed = f" ({', '.join(made.types)})" if made.types else ""
        made.preparation = f"prepare {made.name.decode()}{typed} as {plain}"
        made.violating = {}
        return made

    def meaning(self, **violating: type[Exception]) -> Self:
        """Have it raise what is named when it violates a constraint of that name."""
        self.violating = violating
        return self

    def given(self, parameters: Parameters) -> tuple[Any, ...]:
        """Return `parameters` in their order."""
        if isinstance(parameters, tuple):
            return parameters
        if isinstance(parameters, Mapping):
            return tuple(parameters[name] for name in self.names)
        return tuple(parameters)


_NAMED = re.compile(r"%\((\w+)\)s")
_PLACE = re.compile(r"%(?:\((\w+)\))?s")
