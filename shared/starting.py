"""What keeps a process from starting, said in a sentence to whoever runs it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import ValidationError

from shared.settings import SHARED


class CannotStart(Exception):
    """A process cannot begin; what it says is what whoever runs it has to change."""


class PortTaken(CannotStart):
    """Nothing can be served on {address}: something else is there already."""

    def __init__(self, address: str) -> None:
        super().__init__((self.__doc__ or "").format(address=address))


@contextmanager
def in_a_sentence(process: str) -> Iterator[None]:
    """End `process` with a sentence (SystemExit) for what its surroundings lack, not with a trace.

    That is a setting that is wrong, something that is not there, or a database that is away from
    what cannot wait for it.
    """
    try:
        yield
    except CannotStart as error:
        raise SystemExit(f"{process} does not start. {error}") from None
    except ValidationError as error:
        raise SystemExit("\n".join(_wrong(error, process, os.environ))) from None
    except Exception as error:
        from shared.connections import is_away  # Not before a worker is green.

        if not is_away(error):
            raise
        cause = str(error).partition("\n")[0]
        raise SystemExit(f"{process} cannot reach its database: {cause}") from None


def _wrong(error: ValidationError, process: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Say of each setting that is wrong which one and why; not how it is set: it may be secret."""
    for each in error.errors(include_input=False, include_url=False, include_context=False):
        setting = str(each["loc"][0]) if each["loc"] else ""
        own = f"{process}_{setting}".upper()
        variable = own if own in environ else SHARED.get(setting, own)
        why = each["msg"].removeprefix("Value error, ").removeprefix("Input ")
        yield f"{process} does not start. {variable} is wrong: it {why.removeprefix('it ')}."
