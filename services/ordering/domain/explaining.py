"""Why can't I order this? Every check, how it came out, and who can change it (R41)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from services.ordering.domain import errors
from services.ordering.domain.checks import CHECKS, Kind, Purchase
from services.ordering.domain.offer import Offer
from services.ordering.domain.rules import RULES, DevelopmentCompleted, OnlyForDevelopers
from services.ordering.domain.words import Lifecycle, Purpose
from shared.errors import Refusal
from shared.quantities import smallest


class State(Enum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_LOOKED_AT = "not looked at"


class Party(Enum):
    """Somebody who can change it."""

    ORDERER = "whoever orders"
    ADMINISTRATOR = "the enterprise's administrators"
    OWNER = "the administrators of the product's owner"
    CERTIFIER = "the vendor's certifiers"
    BUSINESS_MANAGER = "the business manager"
    PROJECT_MANAGER = "the project manager"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check, and how it came out."""

    kind: Kind
    state: State
    sentence: str
    reason: str
    facts: Mapping[str, str]
    fix: str = ""
    party: Party | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Helpers:
    """What authorization says of who could help."""

    administrators: tuple[str, ...] = ()
    """What the enterprise's administrators are called."""

    certification_pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything about one purchase, whether it would be taken or not."""

    enterprise: str
    """Whose order it would be, as `acme`."""

    account: str
    purchase: Purchase
    helpers: Helpers = field(default_factory=Helpers)

    @property
    def findings(self) -> list[Finding]:
        """Every check; first what R27-R31 require."""
        refused = self._refused()
        return [self._finding(kind, refused) for kind in self.purchase.kinds]

    @property
    def orderable(self) -> bool:
        """Whether everything passed."""
        return all(each.state is State.PASSED for each in self.findings)

    def of(self, kind: Kind) -> Finding:
        """Return how one check came out; what does not concern what is wanted passes."""
        return self._finding(kind, self._refused())

    def _refused(self) -> dict[Kind, Refusal | None]:
        """Return what each check that can be made says."""
        offered = self.purchase.purpose in RULES
        return {
            kind: _said(kind, self.purchase)
            for kind in CHECKS
            if offered or Kind.PURPOSE not in NEEDS.get(kind, ())
        }

    def _finding(self, kind: Kind, refused: Mapping[Kind, Refusal | None]) -> Finding:
        if any(each not in refused or refused[each] for each in NEEDS.get(kind, ())):
            return _sentence(kind, State.NOT_LOOKED_AT, NOT_LOOKED_AT, self._facts)
        refusal = refused[kind]
        if refusal is None:
            return _sentence(kind, State.PASSED, PASSED[kind], self._facts)
        party = self._party(refusal)
        return Finding(
            kind=kind,
            state=State.FAILED,
            sentence=str(refusal),
            reason=refusal.reason,
            facts=refusal.facts,
            fix=refusal.remedy,
            party=party,
            people=self._people(party),
        )

    def _party(self, refusal: Refusal) -> Party:
        party = PARTIES.get(type(refusal), Party.ORDERER)
        pending = self.helpers.certification_pending
        return Party.CERTIFIER if pending and isinstance(refusal, CERTIFICATION) else party

    def _people(self, party: Party) -> tuple[str, ...]:
        """Return names, as far as people of the enterprise may know them."""
        own = self.purchase.offer.owner == self.enterprise
        if party is Party.ADMINISTRATOR or (party is Party.OWNER and own):
            return self.helpers.administrators
        manager = self.purchase.assortment.customer.business_manager_display_name
        return (manager,) if party is Party.BUSINESS_MANAGER and manager else ()

    @property
    def _facts(self) -> dict[str, str]:
        offer, customer = self.purchase.offer, self.purchase.assortment.customer
        return {
            "pid": offer.pid,
            "model": offer.model,
            "owner": offer.owner,
            "enterprise": customer.legal_name,
            "lifecycle": offer.lifecycle.value,
            "firmware": offer.firmware_version,
            "state": offer.firmware_state.value if offer.firmware_state else "not chosen",
            "purpose": self.purchase.purpose.value,
            "quantity": str(self.purchase.quantity),
            "license": offer.license_type_display_name,
        }


NEEDS: dict[Kind, frozenset[Kind]] = {
    Kind.DEVELOPMENT: frozenset({Kind.PURPOSE}),
    Kind.AUTHORIZED_PURPOSE: frozenset({Kind.AUTHORIZATION}),
    Kind.ROLE: frozenset({Kind.PURPOSE, Kind.AUTHORIZATION, Kind.AUTHORIZED_PURPOSE, Kind.CAP}),
    Kind.LIFECYCLE: frozenset({Kind.PURPOSE, Kind.DEVELOPMENT}),
    Kind.FIRMWARE: frozenset({Kind.PURPOSE}),
    Kind.CAP: frozenset({Kind.AUTHORIZATION, Kind.AUTHORIZED_PURPOSE}),
    Kind.MINIMUM: frozenset({Kind.PURPOSE, Kind.QUANTITY, Kind.LICENSE_TYPE}),
    Kind.PACKING: frozenset({Kind.PURPOSE, Kind.QUANTITY}),
    Kind.PRICE: frozenset({Kind.QUANTITY, Kind.LICENSE_TYPE}),
}
"""What must have passed before a check says anything."""

PARTIES: dict[type[Refusal], Party] = {
    errors.EnterpriseNotCertified: Party.ADMINISTRATOR,
    errors.CertificationEnded: Party.ADMINISTRATOR,
    errors.NotAuthorizedForProduct: Party.ADMINISTRATOR,
    errors.PurposeNotAuthorized: Party.ADMINISTRATOR,
    errors.AboveAuthorizedQuantity: Party.ADMINISTRATOR,
    errors.ModelMissing: Party.OWNER,
    OnlyForDevelopers: Party.ADMINISTRATOR,
    errors.DevelopmentNotCompleted: Party.OWNER,
    DevelopmentCompleted: Party.OWNER,
    errors.ProductNotReleased: Party.OWNER,
    errors.FirmwareNotAllowed: Party.PROJECT_MANAGER,
    errors.PurposeNotOffered: Party.BUSINESS_MANAGER,
    errors.NoListPrice: Party.BUSINESS_MANAGER,
    errors.NoLicensePrice: Party.BUSINESS_MANAGER,
    errors.LicenseTypeNotOffered: Party.BUSINESS_MANAGER,
}
"""Who can change what is refused; whoever orders, for what is not in it."""

CERTIFICATION = (errors.EnterpriseNotCertified, errors.CertificationEnded)

PASSED = {
    Kind.CERTIFICATION: "{enterprise} is certified.",
    Kind.MODEL: "Product {pid} has the model {model}.",
    Kind.AUTHORIZATION: "The account is authorized for product {pid}.",
    Kind.DEVELOPMENT: "Product {pid} is developed as far as {purpose} needs.",
    Kind.ASSOCIATION: "Product {pid} of {owner} is open to {enterprise}.",
    Kind.PURPOSE: "Orders for {purpose} are taken here.",
    Kind.AUTHORIZED_PURPOSE: "The authorization is for {purpose}.",
    Kind.ROLE: "The authorization's role may order for {purpose}.",
    Kind.LIFECYCLE: "Product {pid} is in {lifecycle}, which allows {purpose}.",
    Kind.FIRMWARE: "Firmware {firmware} is {state}, which is allowed for {purpose}.",
    Kind.QUANTITY: "A quantity of {quantity} is allowed for {purpose}.",
    Kind.CAP: "The authorization has room for a quantity of {quantity}.",
    Kind.MINIMUM: "A quantity of {quantity} is no less than the minimum.",
    Kind.PACKING: "A quantity of {quantity} fills whole packages.",
    Kind.PRICE: "There is a list price for a quantity of {quantity}.",
    Kind.LICENSE_TYPE: "Licence {license} can be ordered for product {pid}.",
}
NOT_LOOKED_AT = "It is looked at once the rest is in order."


def usual_purpose(offer: Offer) -> Purpose:
    """Return the furthest purpose a product's lifecycle leads to."""
    mass = offer.lifecycle is Lifecycle.MASS_PRODUCTION
    return Purpose.MASS_PRODUCTION if mass else Purpose.TRIAL_PRODUCTION


def least(offer: Offer, purpose: Purpose) -> int:
    """Return the smallest quantity that can be ordered for a purpose."""
    rule = RULES.get(purpose)
    if rule is None or not (rule.packed or offer.license_type):
        return 1
    return smallest(minimum=offer.minimum_quantity, unit=offer.packing_unit)


def _said(kind: Kind, purchase: Purchase) -> Refusal | None:
    try:
        CHECKS[kind](purchase)
    except Refusal as refusal:
        return refusal
    return None


def _sentence(kind: Kind, state: State, sentence: str, facts: Mapping[str, str]) -> Finding:
    reason = f"{kind.name}_PASSED" if state is State.PASSED else state.name
    return Finding(
        kind=kind, state=state, sentence=sentence.format(**facts), reason=reason, facts=facts
    )
