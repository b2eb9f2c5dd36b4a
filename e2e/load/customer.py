"""A customer who orders for a living: three products, and as many drafts as are wanted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from deploy.local.people import Enterprise
from deploy.local.people.enterprise import fresh
from deploy.local.people.forms import order_form
from deploy.local.people.person import Person
from deploy.local.world import World
from e2e.load.clients import apart, over_http, request
from e2e.stage import staged


@dataclass(frozen=True)
class Customer:
    """A buyer of an enterprise, and what may be ordered."""

    port: int
    enterprise: str
    buyer: Person
    products: list[str]
    submitted: list[str] = field(default_factory=list)
    """What was submitted while warming up."""

    @classmethod
    @contextmanager
    def of(cls, world: World) -> Iterator["Customer"]:
        """Found an enterprise with three products, everything over the public API."""
        port = int(world.portal.rpartition(":")[2])
        with staged(world) as stage:
            made = Enterprise.registers(stage.api, **fresh("Load")).is_certified_by(stage.vendor)
            products = [
                made.develops(f"Socket {number}", firmware=stage.firmware, model=f"LD-{number}")
                for number in (1, 2, 3)
            ]
            made.administrator.authorizes(made.buyer, *products)
            yield cls(port, made.name, made.buyer, products)

    def warm_up(self, count: int = 200) -> None:
        """Submit some orders that are not measured, so that everything is loaded and connected."""
        _, answers = apart(over_http, self.port, self.submissions(count), 8)
        self.submitted.extend(json.loads(answer)["name"] for answer in answers)

    def drafts(self, count: int) -> list[str]:
        """Return the names of `count` new orders of three lines that only have to be submitted."""
        path = f"/v1/{self.enterprise}/orders"
        wanted = [self.request("POST", path, self._draft()) for _ in range(count)]
        _, answers = apart(over_http, self.port, wanted, 8)
        return [json.loads(answer)["name"] for answer in answers]

    def _draft(self) -> bytes:
        """Return a new order; it has numbers of its own, else it would look like the one before."""
        order = {
            "purpose": "MASS_PRODUCTION",
            "form": order_form(po_no=f"PO-{uuid4().hex}", title="Load"),
            "lines": [{"product": product, "quantity": 100} for product in self.products],
        }
        return json.dumps(order).encode()

    def submissions(self, count: int) -> list[bytes]:
        """Return the requests that submit `count` drafts, made for it."""
        return [self.request("POST", f"/v1/{name}:submit", b"{}") for name in self.drafts(count)]

    def request(self, verb: str, path: str, body: bytes = b"") -> bytes:
        """Return a request of the buyer's."""
        key = str(uuid4()) if verb == "POST" else ""
        return request(verb, path, token=self.buyer.token, body=body, key=key)
