"""Authorization over gRPC."""

import grpc
from millrun.authorization.v1 import authorization_pb2_grpc as pb_grpc

from services.authorization.api.enterprises import EnterpriseRpcs
from services.authorization.api.explaining import ExplainRpcs
from services.authorization.api.people import PeopleRpcs
from services.authorization.api.permissions import PermissionRpcs
from services.authorization.api.projects import ProjectRpcs
from services.authorization.api.providers import ProviderRpcs
from services.authorization.api.second_step import SecondStepRpcs
from services.authorization.api.sessions import SessionRpcs
from services.authorization.api.staff import StaffRpcs
from shared.service import Runtime


class AuthorizationServicer(
    PeopleRpcs,
    SessionRpcs,
    SecondStepRpcs,
    ProviderRpcs,
    EnterpriseRpcs,
    PermissionRpcs,
    ExplainRpcs,
    StaffRpcs,
    ProjectRpcs,
    pb_grpc.AuthorizationServiceServicer,
):
    """Everything authorization can be asked."""


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Answer for authorization on `server`."""
    pb_grpc.add_AuthorizationServiceServicer_to_server(AuthorizationServicer(runtime), server)
