"""Authorization as people meet it: asked over a channel, with the tokens it gave out itself."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message
from millrun.authorization.v1 import account_pb2, enterprise_pb2, grant_pb2, project_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.events_pb2 import ProductCreated
from millrun.ordering.v1 import order_pb2

from services.authorization.commands import enter_staff
from services.authorization.service import service
from services.authorization.settings import AuthorizationSettings
from shared.caller import NOBODY, Caller, Role
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.databases import Databases
from shared.testing.golden import heard
from shared.testing.hostile import plain
from shared.testing.serving import Serving
from shared.tokens import Verifier

SCAN = plain()
PASSWORD = "correct horse battery"
BRAND, MANUFACTURER = enterprise_pb2.Enterprise.BRAND_OWNER, enterprise_pb2.Enterprise.MANUFACTURER


class Office:
    """Authorization over a real channel, on a real database."""

    def __init__(self, databases: Databases, serving: Serving, keys: Path, **given: Any) -> None:
        """`given` are settings, and `peers`."""
        # A machine busy with tests looks at a file more slowly than one with people waiting.
        settings = AuthorizationSettings(**{"keys": keys, "upload_seconds": 60, **given})
        self.database = databases(service, settings=settings)
        self.served = serving(service, self.database, **{"keys": keys, **given})
        self.verifier = Verifier(keys)
        self._staff: dict[Role, pb.Session] = {}

    def ask(self, who: pb.Session | Caller = NOBODY) -> AuthorizationServiceStub:
        as_ = who if isinstance(who, Caller) else who.access_token
        return self.served.stub(AuthorizationServiceStub, as_=as_)

    def caller(self, session: pb.Session) -> Caller:
        """What the access token of a session says."""
        return self.verifier.caller(session.access_token)

    def register(self, email: str, password: str = PASSWORD, **more: Any) -> account_pb2.Account:
        account = account_pb2.Account(**{"email": email, "display_name": "Kim Vale", **more})
        request = pb.RegisterAccountRequest(account=account, password=password)
        return self.ask().RegisterAccount(request)

    def sign_in(self, email: str, password: str = PASSWORD, space: str = "") -> pb.Session:
        return self.ask().SignIn(pb.SignInRequest(email=email, password=password, space=space))

    def exchange(self, session: pb.Session, space: str = "") -> pb.Session:
        """Get a fresh token; both sessions hold the next secret then."""
        request = pb.ExchangeSessionRequest(session_secret=session.session_secret, space=space)
        fresh = self.ask().ExchangeSession(request)
        session.session_secret = fresh.session_secret
        return fresh

    def person(self, email: str) -> pb.Session:
        """Somebody who registered and signed in."""
        self.register(email)
        return self.sign_in(email)

    def staff(self, role: Role) -> pb.Session:
        """One of the vendor's own people, signed in."""
        if role not in self._staff:
            email = f"{role.value}@millrun.example"
            enter_staff(
                self.served.runtime,
                email=email,
                name=role.value.title(),
                roles=[role],
                password=PASSWORD,
            )
            self._staff[role] = self.sign_in(email)
        return self._staff[role]

    def enterprise(self, id_: str = "acme", *kinds: Any) -> pb.Session:
        """The administrator of a new enterprise, in its space."""
        return self.enterprise_of(self.person(f"admin@{id_}.example"), id_, *kinds)

    def enterprise_of(self, admin: pb.Session, id_: str, *kinds: Any) -> pb.Session:
        """Its founder, in its space."""
        enterprise = enterprise_pb2.Enterprise(
            legal_name=f"{id_.title()} Ltd", kinds=kinds or [BRAND]
        )
        request = pb.CreateEnterpriseRequest(enterprise=enterprise, enterprise_id=id_)
        self.ask(admin).CreateEnterprise(request)
        return self.exchange(admin)

    def request_certification(self, admin: pb.Session, **more: Any) -> enterprise_pb2.Certification:
        request = pb.RequestCertificationRequest(
            parent=admin.space.enterprise,
            certification=enterprise_pb2.Certification(registration_no="HRB 12345"),
            **more,
        )
        return self.ask(admin).RequestCertification(request)

    def attach(
        self, admin: pb.Session, name: str, content: bytes = SCAN, **more: Any
    ) -> enterprise_pb2.Certification:
        request = pb.AttachCertificationDocumentRequest(
            **{"name": name, "content": content, "file_name": "licence.pdf", **more}
        )
        return self.ask(admin).AttachCertificationDocument(request)  # type: ignore[arg-type]

    def approve(self, name: str, **more: Any) -> enterprise_pb2.Certification:
        certifier = self.ask(self.staff(Role.CERTIFIER))
        return certifier.ApproveCertification(pb.ApproveCertificationRequest(name=name, **more))

    def certify(self, admin: pb.Session) -> None:
        """Get an enterprise certified; business manager and project manager exist then."""
        self.staff(Role.BUSINESS_MANAGER)
        self.staff(Role.PROJECT_MANAGER)
        listed = self.ask(admin).ListCertifications(
            pb.ListCertificationsRequest(
                parent=admin.space.enterprise, state=enterprise_pb2.Certification.PENDING
            )
        )
        pending = list(listed.certifications) or [self.request_certification(admin)]
        self.approve(pending[0].name)

    def join(
        self, admin: pb.Session, email: str, *roles: Any, **more: Any
    ) -> enterprise_pb2.Membership:
        membership = enterprise_pb2.Membership(email=email, roles=roles)
        request = pb.CreateMembershipRequest(
            **{"parent": admin.space.enterprise, "membership": membership, **more}
        )
        return self.ask(admin).CreateMembership(request)

    def product(self, owner: str = "acme", pid: str = "p1") -> str:
        """The name of a product that catalog announced."""
        name = f"enterprises/{owner}/products/{pid}"
        event = ProductCreated(
            product=name, owner=f"enterprises/{owner}", display_name="Smart plug"
        )
        self.hear(event, name)
        return name

    def grant(
        self,
        admin: pb.Session,
        email: str,
        *products: str,
        role: Any = account_pb2.BUYER,
        request_id: str = "",
        parent: str = "",
        **limits: Any,
    ) -> grant_pb2.Authorization:
        request = pb.CreateAuthorizationRequest(
            parent=parent or admin.space.enterprise,
            authorization=grant_pb2.Authorization(
                email=email, role=role, products=products, **limits
            ),
            request_id=request_id,
        )
        return self.ask(admin).CreateAuthorization(request)

    def project(self, who: pb.Session, *products: str, **more: Any) -> project_pb2.Project:
        """Have `who` put products of one owner into a project, in their own hands if not said."""
        given = {"project_manager": who.account.name, "display_name": "Plugs", **more}
        request = project_pb2.CreateProjectRequest(
            parent="/".join(products[0].split("/")[:2]),
            project=project_pb2.Project(products=products, **given),
        )
        return self.ask(who).CreateProject(request)

    def associate(
        self, product: str, manufacturer: str, **more: Any
    ) -> grant_pb2.ProductAssociation:
        request = pb.AssociateProductRequest(
            parent=f"enterprises/{manufacturer}",
            product_association=grant_pb2.ProductAssociation(product=product),
            **more,
        )
        return self.ask(self.staff(Role.PROJECT_MANAGER)).AssociateProduct(request)

    def check(self, who: pb.Session, *products: str) -> pb.CheckPurchaseResponse:
        return self.ask(who).CheckPurchase(pb.CheckPurchaseRequest(products=products))

    def keep(
        self,
        who: pb.Session,
        order: str,
        *wanted: tuple[str, int],
        purpose: Any = order_pb2.MASS_PRODUCTION,
        validate_only: bool = False,
    ) -> list[pb.PurchaseVerdict]:
        """Ask as ordering does when an order is about to be submitted."""
        request = pb.CheckPurchaseRequest(
            products=[product for product, _ in wanted],
            quantities=[pieces for _, pieces in wanted],
            purpose=purpose,
            order=f"{who.space.enterprise}/orders/{order}",
            validate_only=validate_only,
        )
        return list(self.ask(who).CheckPurchase(request).verdicts)

    def used(self, admin: pb.Session) -> dict[str, int]:
        """How much of each authorization's cap is used, by the authorization's name."""
        request = pb.ListAuthorizationsRequest(parent=admin.space.enterprise)
        listed = self.ask(admin).ListAuthorizations(request).authorizations
        return {each.name: each.used_quantity for each in listed}

    def hear(self, event: Message, aggregate: str, sequence: int = 1) -> None:
        """Hear `event` as the inbox delivers it."""
        letter = heard(event, aggregate=aggregate, sequence=sequence)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def revoked(self) -> list[bytes]:
        """Whose tokens ended, as every process is told it."""
        answer = self.ask().ListRevocations(pb.ListRevocationsRequest())
        return [each.digest for each in answer.revocations]

    def told(self) -> list[str]:
        """What authorization announced, by name and in order."""
        return [body["type"].rpartition(".")[2] for body in self.letters()]

    def letters(self) -> list[dict[str, Any]]:
        """The envelopes of what authorization announced, in order."""
        with self.database.transaction(EVERYTHING) as tx:
            return list(tx.scalars(sa.select(outbox.c.body).order_by(outbox.c.position)))
