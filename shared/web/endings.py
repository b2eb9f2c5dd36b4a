"""Why a version of a contract holds no more, in the reader's language."""

from collections.abc import Iterator, Mapping

from jinja2 import Environment
from millrun.contract.v1.signing_pb2 import ContractVersion, EndCause

from shared.web.formats import money
from shared.web.text import _, gettext

CAUSES: Mapping[str, str] = {
    "ORDER_CANCELLED": _("The order was cancelled"),
    "ORDER_REPLACED": _("Another order took its place"),
    "ORDER_EXPIRED": _("Nobody acted in time; the order expired"),
    "NEWER_VERSION": _("Version %(number)s took its place."),
    "AMENDMENT_TAKEN_BACK": _("The amendment was taken back."),
}
"""By cause; each is also a sentence of the timeline, or stands alone."""


def cause(name: str, note: str) -> str:
    """Return what happened, with what others said about it in their words."""
    if name == "NEWER_VERSION":
        return _(CAUSES[name], number=note)
    return " · ".join(filter(None, [_(CAUSES[name]) if name in CAUSES else "", note]))


def ended(version: ContractVersion) -> str:
    """Return why `version` holds no more; empty if it does."""
    return " · ".join(_parts(version))


def _parts(version: ContractVersion) -> Iterator[str]:
    if not version.end_cause:
        # It ended before causes were kept.
        yield from filter(None, [gettext(version.end_reason)])
        return
    yield cause(EndCause.Name(version.end_cause), version.end_note)
    if version.HasField("end_liability"):
        yield _("%(amount)s is owed for it", amount=money(version.end_liability))


def install(environment: Environment) -> None:
    """Give templates this as a filter."""
    environment.filters["ended"] = ended
