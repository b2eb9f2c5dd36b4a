"""Commands can be tried: they answer, and leave no trace (requirements §6.7)."""

from millrun.authorization.v1 import account_pb2, project_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization.tests.office import MANUFACTURER, Office
from shared.caller import Role
from shared.testing.traces import Trying

BUYER = "buyer@trade.example"


def test_what_is_tried_leaves_no_trace(office: Office) -> None:
    tried: set[str] = set()
    ask = office.ask
    vars(office)["ask"] = lambda *who: Trying(ask(*who), office.database, tried)
    admin, maker = office.enterprise(), office.enterprise("maker", MANUFACTURER)
    office.person(BUYER)
    office.certify(admin)
    office.join(admin, BUYER, account_pb2.BUYER)
    product = office.product()
    grant = office.grant(admin, BUYER, product)
    manager = office.staff(Role.PROJECT_MANAGER)
    project = office.project(manager, product)
    association = office.associate(product, "maker")
    for who, method, request in (
        (manager, "CloseProject", project_pb2.CloseProjectRequest(name=project.name)),
        (manager, "DissociateProduct", pb.DissociateProductRequest(name=association.name)),
        (admin, "RevokeAuthorization", pb.RevokeAuthorizationRequest(name=grant.name)),
    ):
        getattr(office.ask(who), method)(request)

    assert maker.space.enterprise == "enterprises/maker"
    assert tried >= {
        *("CreateEnterprise", "RequestCertification", "ApproveCertification", "CreateMembership"),
        *("CreateAuthorization", "CreateProject", "AssociateProduct", "CloseProject"),
        *("DissociateProduct", "RevokeAuthorization"),
    }
