"""Why can't I order this?, over gRPC."""

from typing import cast

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering.asking.why import ask_why
from services.ordering.commands.asking import ask_for_purchase
from services.ordering.domain.explaining import Explanation
from services.ordering.domain.purchase_request import PurchaseRequest
from services.ordering.settings import OrderingSettings
from services.ordering.wire.explaining import (
    explanation_message,
    kind_from,
    purpose_or_none,
    request_message,
)
from shared.caller import CUSTOMER_ROLES, Caller, Role
from shared.rpc import Servicer, command

READERS = CUSTOMER_ROLES | {Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, Role.FINANCE}


class WhyRpcs(Servicer):
    """Explanations, and asking who can help."""

    def _explain(self, request: rpc.ExplainPurchaseRequest, caller: Caller) -> Explanation:
        return ask_why(
            self.clients,
            product=request.name,
            purpose=purpose_or_none(request.purpose),
            quantity=request.quantity,
            enterprise=request.enterprise,
            account=request.account,
            license_type=request.license_type,
            caller=caller,
            caps=cast(OrderingSettings, self.settings).caps,
        )

    def _explain_own(self, request: rpc.AskForPurchaseRequest, caller: Caller) -> Explanation:
        return self._explain(
            rpc.ExplainPurchaseRequest(
                name=request.name,
                purpose=request.purpose,
                quantity=request.quantity,
                license_type=request.license_type,
            ),
            caller,
        )

    # It changes nothing; but only a command asks others before its transaction.
    @command(answer=explanation_message, allow=READERS, ask=_explain)
    def ExplainPurchase(
        self, request: rpc.ExplainPurchaseRequest, tx: Session, caller: Caller, asked: Explanation
    ) -> tuple[Explanation, Caller]:
        return asked, caller

    @command(answer=request_message, allow=CUSTOMER_ROLES, ask=_explain_own)
    def AskForPurchase(
        self, request: rpc.AskForPurchaseRequest, tx: Session, caller: Caller, asked: Explanation
    ) -> PurchaseRequest:
        return ask_for_purchase(
            tx, explanation=asked, kind=kind_from(request.kind), note=request.note, caller=caller
        )
