"""How far a product is: complete development, release it, or go back (R43-R47, A11)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import ListAuthorizationsRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2 import (
    CompleteDevelopmentRequest,
    GetProductRequest,
    PreviewReturnRequest,
    ReleaseProductRequest,
    ReturnProductRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.products import read
from services.gateway.portal.space import (
    ADMINISTRATORS,
    COMPLETERS,
    MOST,
    own,
    product_of,
    product_page,
)
from shared.web import Form, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

PATH = "/products/{owner}/{pid}"


@pages.get(PATH + "/complete", roles=COMPLETERS)
def show_complete(request: Request) -> Response:
    """Say what completing development locks, before it does."""
    return page(request, "product_complete.html", product=read(request))


@pages.post(PATH + "/complete", roles=COMPLETERS, again=show_complete)
def complete_development(request: Request, form: Form) -> Response:
    """Complete development (R43, R44)."""
    asked = CompleteDevelopmentRequest(
        name=product_of(request), etag=form["etag"], request_id=form["request_id"]
    )
    product = call(request, CatalogServiceStub, "CompleteDevelopment", asked)
    done = _("Development is completed; the build is locked. Trial production can be ordered.")
    return redirect(request, product_page(product.name), done)


@pages.post(PATH + "/release", roles=ADMINISTRATORS)
def release_product(request: Request, form: Form) -> Response:
    """Release to mass production (A11)."""
    asked = ReleaseProductRequest(
        name=product_of(request), etag=form["etag"], request_id=form["request_id"]
    )
    product = call(request, CatalogServiceStub, "ReleaseProduct", asked)
    done = _("The product is released to mass production.")
    return redirect(request, product_page(product.name), done)


@pages.get(PATH + "/return", roles=ADMINISTRATORS)
def show_return(request: Request) -> Response:
    """Say what going back to development means and what it affects, and ask why."""
    asked = ListAuthorizationsRequest(parent=own(request), page_size=MOST)
    name = product_of(request)
    found = together(
        request,
        product=(CatalogServiceStub, "GetProduct", GetProductRequest(name=name)),
        impact=(CatalogServiceStub, "PreviewReturn", PreviewReturnRequest(name=name)),
        authorizations=(AuthorizationServiceStub, "ListAuthorizations", asked),
    )
    # What is affected says who by account; people know each other by name.
    given = found["authorizations"].answer
    people = {each.name: each for each in given.authorizations} if given else {}
    return page(
        request,
        "product_return.html",
        product=found["product"].insist(),
        impact=found["impact"].insist(),
        people=people,
    )


@pages.post(PATH + "/return", roles=ADMINISTRATORS, again=show_return)
def return_product(request: Request, form: Form) -> Response:
    """Return it to development and unlock it (R47)."""
    asked = ReturnProductRequest(
        name=product_of(request),
        reason=form["reason"],
        etag=form["etag"],
        impact=form["impact"],
        request_id=form["request_id"],
    )
    product = call(request, CatalogServiceStub, "ReturnProduct", asked)
    done = _("The product is back in development; its build can be edited.")
    return redirect(request, product_page(product.name), done)
