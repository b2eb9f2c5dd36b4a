"""Why something can be ordered or not, in the reader's language: for the portal and the console."""

from dataclasses import dataclass

from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesRequest, ListLicenseTypesResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.ordering.v1.explanation_pb2 import PurchaseCheck, PurchaseExplanation

from shared.web.formats import last
from shared.web.refusals import refused
from shared.web.text import _


@dataclass(frozen=True)
class Finding:
    """One check, as a page shows it."""

    kind: str
    label: str
    state: str
    sentence: str
    fix: str
    who: str
    """Who can change it, with their names as far as the reader may know them."""

    askable: bool


def findings(explanation: PurchaseExplanation) -> list[Finding]:
    """Return every check, in its order."""
    return [_finding(check) for check in explanation.checks]


SOLD = ListLicenseTypesRequest(state=LicenseType.ACTIVE, page_size=200)
"""What licences are asked for with, to choose from."""


def licences(
    explanation: PurchaseExplanation, sold: ListLicenseTypesResponse | None
) -> list[tuple[str, str]]:
    """Return the licences one can ask about, as options; first the one that is asked about."""
    options = {each.name: each.display_name for each in sold.license_types} if sold else {}
    if (name := explanation.license_type) and name not in options:
        options = {name: explanation.license_type_display_name or last(name)} | options
    return list(options.items())


def _finding(check: PurchaseCheck) -> Finding:
    kind = PurchaseCheck.Kind.Name(check.kind)
    return Finding(
        kind=kind,
        label=_labels().get(kind, kind),
        state=PurchaseCheck.State.Name(check.state),
        sentence=refused("refusal", check.reason, check.facts, check.sentence),
        fix=refused("fix", check.reason, check.facts, check.fix),
        who=_who(check),
        askable=check.askable,
    )


def _who(check: PurchaseCheck) -> str:
    party = _parties().get(PurchaseCheck.Party.Name(check.party), "")
    names = ", ".join(check.people)
    return _("%(party)s: %(names)s", party=party, names=names) if party and names else party


def _labels() -> dict[str, str]:
    return {
        "CERTIFICATION": _("Certification"),
        "MODEL": _("Model"),
        "AUTHORIZATION": _("Permission"),
        "DEVELOPMENT": _("Development completed"),
        "ASSOCIATION": _("Open to the enterprise"),
        "PURPOSE": _("Purpose"),
        "AUTHORIZED_PURPOSE": _("Purpose of the permission"),
        "ROLE": _("Role"),
        "LIFECYCLE": _("Stage of the product"),
        "FIRMWARE": _("Firmware"),
        "QUANTITY": _("Quantity"),
        "CAP": _("Room under the cap"),
        "MINIMUM": _("Minimum"),
        "PACKING": _("Packaging"),
        "PRICE": _("Price"),
        "LICENSE_TYPE": _("Licence"),
    }


def _parties() -> dict[str, str]:
    return {
        "ORDERER": _("Whoever orders"),
        "ADMINISTRATOR": _("The enterprise's administrators"),
        "OWNER": _("The administrators of the product's owner"),
        "CERTIFIER": _("The vendor's certifiers"),
        "BUSINESS_MANAGER": _("The business manager"),
        "PROJECT_MANAGER": _("The project manager"),
    }
