"""Where the portal begins: what waits on the enterprise, and what is still to be done first."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    ListAuthorizationsRequest,
    ListCertificationsRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Certification
from millrun.authorization.v1.grant_pb2 import Authorization
from millrun.catalog.v1.catalog_pb2 import ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import Product
from millrun.contract.v1.contract_pb2 import ListContractsRequest
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.contract.v1.signing_pb2 import Contract
from millrun.notification.v1.notification_pb2 import ListMessagesRequest
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from millrun.ordering.v1.order_pb2 import WaitingOn
from millrun.ordering.v1.ordering_pb2 import ListOrdersRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import (
    ADMINISTRATORS,
    CUSTOMERS,
    ORDERERS,
    is_staff,
    own,
    product_page,
)
from shared.web import Nav, Pages, Part, _, page, together, visitor

pages = Pages(Path(__file__).parent)

MOST = 200
"""Contracts looked through for addenda."""


@dataclass(frozen=True)
class Task:
    """One thing that has to be done before modules can be ordered (R27-R31)."""

    label: str
    done: bool
    href: str
    note: str = ""


@pages.get("/", nav=Nav("Start"))
def start(request: Request) -> Response:
    """Greet whoever signed in, and show what to do."""
    if not visitor(request).roles & CUSTOMERS:
        return page(request, "welcome.html", staff=is_staff(request))
    parent = own(request)
    waiting = ListOrdersRequest(parent=parent, waiting_on=WaitingOn.BUYER, page_size=10)
    unsigned = ListContractsRequest(parent=parent, state=Contract.GENERATED, page_size=MOST)
    unread = ListMessagesRequest(parent="accounts/me", unread_only=True, page_size=5)
    found = together(
        request,
        orders=(OrderingServiceStub, "ListOrders", waiting),
        contracts=(ContractServiceStub, "ListContracts", unsigned),
        messages=(NotificationServiceStub, "ListMessages", unread),
        products=(CatalogServiceStub, "ListProducts", ListProductsRequest(parent=parent)),
        certifications=(
            AuthorizationServiceStub,
            "ListCertifications",
            ListCertificationsRequest(parent=parent, page_size=1),
        ),
        authorizations=(
            AuthorizationServiceStub,
            "ListAuthorizations",
            ListAuthorizationsRequest(parent=parent),
        ),
    )
    orders_here = visitor(request).has(*ORDERERS)
    prepares = orders_here or visitor(request).has(*ADMINISTRATORS)
    tasks = _tasks(request, found) if prepares else []
    return page(
        request,
        "start.html",
        orders=found["orders"],
        addenda=_addenda(found),
        messages=found["messages"],
        orders_here=orders_here,
        tasks=[] if all(task.done for task in tasks) else tasks,
    )


def _addenda(found: dict[str, Part]) -> list[Contract]:
    """Return the addenda to be signed whose orders go on meanwhile, and wait on somebody else."""
    orders, contracts = (found[name].answer for name in ("orders", "contracts"))
    listed = {each.contract for each in orders.orders} if orders else set()
    unsigned = contracts.contracts if contracts else []
    return [each for each in unsigned if each.addendum and each.name not in listed]


def _tasks(request: Request, found: dict[str, Part]) -> list[Task]:
    """Return what ordering needs, done or not; nothing if it cannot be known at the moment."""
    needed = [found[name].answer for name in ("products", "authorizations", "certifications")]
    if None in needed:
        return []
    products, authorizations = needed[0].products, needed[1].authorizations
    granted = any(each.state == Authorization.ACTIVE for each in authorizations)
    return [
        _certification(request, needed[2].certifications),
        *_development(products),
        Task(
            _("A buyer is authorized"),
            granted,
            "/enterprise/authorizations/new",
            _("The administrator opens products to those who order them."),
        ),
    ]


def _certification(request: Request, requests: Iterable[Certification]) -> Task:
    space = visitor(request).space
    latest = next(iter(requests), None)
    approved = latest is not None and latest.state == Certification.APPROVED
    note = _("The administrator asks for it.")
    if latest and latest.state == Certification.PENDING:
        note = _("Asked for; a certifier is to decide.")
    elif latest and latest.state == Certification.REJECTED:
        note = latest.reason
    done = approved or bool(space and space.certified)
    return Task(_("The enterprise is certified"), done, "/enterprise", note)


def _development(products: Iterable[Product]) -> list[Task]:
    """Return the steps of the product that is furthest."""
    furthest = max(products, key=_distance, default=None)
    came = _distance(furthest) if furthest else 0
    href = product_page(furthest.name) if furthest else "/products/new"
    return [
        Task(
            _("A product is configured"),
            came >= CONFIGURED,
            f"{href}/build" if furthest else href,
            _("R&D chooses its module and firmware."),
        ),
        Task(_("Its model is entered"), came >= LABELLED, href, _("Your own label for it.")),
        Task(
            _("Its development is completed"),
            came >= COMPLETED,
            f"{href}/complete" if furthest else href,
            _("The administrator locks its settings."),
        ),
    ]


CONFIGURED, LABELLED, COMPLETED = 1, 2, 3


def _distance(product: Product) -> int:
    """How many of the three steps a product has made; a model counts once it is configured."""
    if product.lifecycle != Product.DEVELOPMENT:
        return COMPLETED
    if not product.build.firmware:
        return 0
    return LABELLED if product.model else CONFIGURED
