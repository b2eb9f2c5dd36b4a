"""Why somebody may order or not, over gRPC; asked by ordering."""

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization.explaining import Explained, explain_permission
from services.authorization.wire import explained_message, purpose_from
from shared.caller import ANY_ROLE, Caller
from shared.rpc import Servicer, query


class ExplainRpcs(Servicer):
    """Why, and who can change it."""

    @query(answer=explained_message, allow=ANY_ROLE)
    def ExplainPermission(
        self, request: pb.ExplainPermissionRequest, tx: Session, caller: Caller
    ) -> Explained:
        return explain_permission(
            tx,
            parent=request.parent,
            account=request.account,
            products=request.products,
            purpose=purpose_from(request.purpose),
            quantities=request.quantities,
            caller=caller,
        )
