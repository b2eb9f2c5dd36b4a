"""The product: what a customer builds on a module, and how far its development is."""

from __future__ import annotations

import re
import secrets
import string
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.catalog.domain import events
from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.errors import products as errors
from services.catalog.domain.finding import found_by
from services.catalog.domain.firmware import Firmware, State
from services.catalog.domain.impact import Impact, named
from services.catalog.domain.text import PROSE, kept
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

PRODUCT_ID = re.compile(r"[a-z0-9]{8,32}")
MADE_LENGTH = 16


class Lifecycle(Enum):
    """How far the development of a product is."""

    DEVELOPMENT = "development"
    TRIAL_PRODUCTION = "trial production"
    MASS_PRODUCTION = "mass production"


BECOMES = {
    Lifecycle.DEVELOPMENT: {Lifecycle.TRIAL_PRODUCTION},
    Lifecycle.TRIAL_PRODUCTION: {Lifecycle.MASS_PRODUCTION, Lifecycle.DEVELOPMENT},
    Lifecycle.MASS_PRODUCTION: {Lifecycle.DEVELOPMENT},
}
"""The state chart (R43, A11, R47)."""


class Product(Aggregate):
    """What a customer builds on one of the vendor's modules."""

    id: UUID
    pid: str
    display_name: str
    lifecycle: Lifecycle
    firmware: Firmware | None
    """What is burnt into it; none until it is configured. It tells the module, too."""

    panel: str
    data_points: tuple[str, ...]
    model: str
    customer_name: str
    notes: str
    found_by: str
    """What a search looks at: see `finding`."""

    created_at: datetime
    owner_legal_name: str | None
    """The owner's legal name as another service told it; read only."""

    @classmethod
    def create(cls, *, enterprise: str, display_name: str, product_id: str = "") -> Product:
        """Begin a product of `enterprise` under its own product id, or one that is made here."""
        if product_id and not PRODUCT_ID.fullmatch(product_id):
            raise errors.ProductIdMalformed(product_id=product_id[:80])
        product = cls()
        product.id, product.enterprise = new_id(), enterprise
        product.pid = product_id or made_product_id()
        product.display_name = kept(display_name, "display_name", needed=True)
        product.lifecycle = Lifecycle.DEVELOPMENT
        product.firmware, product.panel, product.data_points = None, "", ()
        product.model = product.customer_name = product.notes = ""
        product._say()
        product.created_at = now()
        product.record(
            events.ProductCreated(
                product=product.name, owner=product.owner, display_name=product.display_name
            )
        )
        return product

    @property
    def name(self) -> str:
        """`enterprises/{owner}/products/{pid}`."""
        return f"{self.owner}/products/{self.pid}"

    @property
    def owner(self) -> str:
        """`enterprises/{owner}`."""
        return f"enterprises/{self.enterprise}"

    @property
    def build(self) -> BuildConfiguration | None:
        """What is built into it; None until it is configured."""
        return None if self.firmware is None else self._built()

    def configure(self, build: BuildConfiguration, firmware: Firmware) -> None:
        """From now on build `build` with its `firmware` into it; only in development."""
        if self.lifecycle is not Lifecycle.DEVELOPMENT:
            raise errors.ProductLocked(product=self.name, lifecycle=self.lifecycle.value)
        build.check()
        if build.module != firmware.module:
            raise errors.FirmwareOfOtherModule(firmware=firmware.name, module=build.module)
        _insist_usable(firmware)
        self.firmware = firmware
        self.panel = kept(build.panel, "build.panel")
        self.data_points = build.data_points
        self.record(events.ProductConfigured(product=self.name, build=self._built()))

    def label(self, *, model: str, customer_name: str, notes: str) -> None:
        """Set what people call it and note about it (R38-R40); outside development with a model."""
        model = kept(model, "model")
        if not model and self.lifecycle is not Lifecycle.DEVELOPMENT:
            raise errors.ProductWithoutModel(product=self.name)
        self.customer_name = kept(customer_name, "customer_name")
        self.notes = kept(notes, "notes", most=PROSE)
        if model != self.model:
            self.model = model
            self.record(events.ProductModelChanged(product=self.name, model=model))
        self._say()

    def complete_development(self) -> None:
        """Lock what is built into it and go on to trial production (R43, R44)."""
        self._become(Lifecycle.TRIAL_PRODUCTION)
        _insist_usable(self._burnt())
        if not self.model:
            raise errors.ProductWithoutModel(product=self.name)
        self.record(events.DevelopmentCompleted(product=self.name, build=self._built()))

    def release(self) -> None:
        """Go on to mass production, which needs released firmware (A11)."""
        self._become(Lifecycle.MASS_PRODUCTION)
        firmware = self._burnt()
        if firmware.state is not State.RELEASED:
            raise errors.FirmwareNotReleased(
                version=firmware.version_name, state=firmware.state.value
            )
        self.record(events.ProductReleased(product=self.name))

    def return_to_development(self, *, reason: str, impact: Impact) -> None:
        """Unlock it, for `reason`, and tell what that affects; open orders keep their snapshot."""
        self._become(Lifecycle.DEVELOPMENT)
        reason = kept(reason, "reason", needed=True, most=PROSE)
        self.record(
            events.ProductReturned(
                product=self.name,
                reason=reason,
                orders=named(impact.orders),
                authorizations=named(impact.authorizations),
                manufacturers=named(impact.manufacturers),
                partner_clients=named(impact.partner_clients),
            )
        )

    def expect(self, etag: str) -> None:
        """Insist that it is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.ProductChanged(product=self.name)

    def _say(self) -> None:
        self.found_by = found_by(self.pid, self.model, self.customer_name, self.display_name)

    def _become(self, lifecycle: Lifecycle) -> None:
        if lifecycle not in BECOMES[self.lifecycle]:
            raise errors.ProductCannotBecome(
                product=self.name, lifecycle=self.lifecycle.value, wanted=lifecycle.value
            )
        self.lifecycle = lifecycle

    def _burnt(self) -> Firmware:
        if self.firmware is None:
            raise errors.ProductNotConfigured(product=self.name)
        return self.firmware

    def _built(self) -> BuildConfiguration:
        firmware = self._burnt()
        return BuildConfiguration(
            module=firmware.module,
            firmware=firmware.name,
            panel=self.panel,
            data_points=self.data_points,
        )


def made_product_id() -> str:
    """Return a product id nobody has: 16 random lower-case letters and digits."""
    letters = string.ascii_lowercase + string.digits
    return "".join(secrets.choice(letters) for _ in range(MADE_LENGTH))


def _insist_usable(firmware: Firmware) -> None:
    if firmware.state is State.RETIRED:
        raise errors.FirmwareNoLongerUsable(version=firmware.version_name)
