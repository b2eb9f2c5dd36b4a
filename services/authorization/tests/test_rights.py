"""Who may call what: every RPC with every role there is."""

import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from services.authorization.tests.office import Office
from shared.caller import CUSTOMER_ROLES, STAFF_ROLES, Role
from shared.errors import Refusal, Unauthenticated
from shared.testing.callers import caller

METHODS = pb.DESCRIPTOR.services_by_name["AuthorizationService"].methods_by_name
EVERYBODY = frozenset(Role)
PEOPLE = EVERYBODY - {Role.PARTNER}
ADMINISTRATOR, CERTIFIER = frozenset({Role.ADMINISTRATOR}), frozenset({Role.CERTIFIER})
PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})
ASSIGNING = CERTIFIER | PROJECT_MANAGER | {Role.BUSINESS_MANAGER}

MAY_CALL = {
    "GetAccount": EVERYBODY,
    "ListStaff": STAFF_ROLES,
    "ListSessions": EVERYBODY,
    "EndSession": EVERYBODY,
    "EndOtherSessions": EVERYBODY,
    "UpdateAccount": EVERYBODY,
    "ChangePassword": EVERYBODY,
    "RequestVerification": EVERYBODY,
    "EnrollTwoStep": EVERYBODY,
    "ConfirmTwoStep": EVERYBODY,
    "RenewRecoveryCodes": EVERYBODY,
    "DisableTwoStep": EVERYBODY,
    "CreateEnterprise": EVERYBODY,
    "GetEnterprise": PEOPLE,
    "ListEnterprises": STAFF_ROLES,
    "AssignPeople": ASSIGNING,
    "CreateProject": ASSIGNING,
    "GetProject": STAFF_ROLES,
    "ListProjects": STAFF_ROLES,
    "UpdateProject": ASSIGNING,
    "CloseProject": ASSIGNING,
    "CreateDeputyship": ASSIGNING,
    "ListDeputyships": STAFF_ROLES,
    "EndDeputyship": STAFF_ROLES,
    "RequestCertification": ADMINISTRATOR,
    "AttachCertificationDocument": ADMINISTRATOR,
    "DownloadCertificationDocument": ADMINISTRATOR | CERTIFIER,
    "ListCertifications": PEOPLE,
    "ApproveCertification": CERTIFIER,
    "RejectCertification": CERTIFIER,
    "CreateMembership": ADMINISTRATOR,
    "UpdateMembership": ADMINISTRATOR,
    "RemoveMembership": ADMINISTRATOR,
    "ListMemberships": ADMINISTRATOR | STAFF_ROLES,
    "CreateAuthorization": ADMINISTRATOR,
    "GetAuthorization": CUSTOMER_ROLES,
    "ListAuthorizations": CUSTOMER_ROLES,
    "UpdateAuthorization": ADMINISTRATOR,
    "RevokeAuthorization": ADMINISTRATOR,
    "AssociateProduct": PROJECT_MANAGER,
    "ProposeAssociation": ADMINISTRATOR,
    "AcceptAssociation": ADMINISTRATOR,
    "DeclineAssociation": ADMINISTRATOR,
    "ListProductAssociations": PEOPLE,
    "DissociateProduct": ADMINISTRATOR | PROJECT_MANAGER,
    "EnrollPartner": ADMINISTRATOR,
    "ListPartnerClients": ADMINISTRATOR,
    "UpdatePartner": ADMINISTRATOR,
    "RotatePartnerSecret": ADMINISTRATOR,
    "RevokePartner": ADMINISTRATOR,
    "CheckPurchase": CUSTOMER_ROLES,
    "ExplainPermission": PEOPLE,
}
FOR_ANYBODY = {
    "RegisterAccount",
    "VerifyAddress",
    "RequestPasswordReset",
    "ResetPassword",
    "SignIn",
    "FinishSignIn",
    "BeginProviderSignIn",
    "FinishProviderSignIn",
    "ExchangeSession",
    "SignOut",
    "ExchangePartnerSecret",
}
FOR_PROCESSES = {"ListRevocations", "GetSignInOptions"}
"""Not public, and without a secret: whose tokens ended is what every process has to know."""


def nothing_for(method: str) -> Message:
    """Return an empty request."""
    asked = METHODS[method].input_type
    return GetMessageClass(asked)()


def refusal(stub: AuthorizationServiceStub, method: str) -> str:
    """Ask for nothing at all; return why that is refused."""
    try:
        getattr(stub, method)(nothing_for(method))
    except Refusal as refused:
        return refused.reason
    return ""


def test_every_rpc_is_spoken_of_here() -> None:
    assert set(METHODS) == {*MAY_CALL, *FOR_ANYBODY, *FOR_PROCESSES}


def test_each_role_may_do_what_it_may_and_nothing_else(office: Office) -> None:
    asked = {role: office.ask(caller(role)) for role in Role}
    may = {
        method: {role for role in Role if refusal(asked[role], method) != "NOT_YOUR_ROLE"}
        for method in MAY_CALL
    }
    assert may == MAY_CALL


@pytest.mark.parametrize("method", sorted(MAY_CALL))
def test_who_is_not_signed_in_may_do_none_of_it(office: Office, method: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        getattr(office.ask(), method)(nothing_for(method))
    assert refused.value.reason == "NOT_SIGNED_IN"


def test_anybody_may_try_to_get_in(office: Office) -> None:
    # Signing out of a session that is not there is no failure, but a secret has to be sent.
    assert {refusal(office.ask(), method) for method in FOR_ANYBODY} == {"FIELDS_MISSING"}
