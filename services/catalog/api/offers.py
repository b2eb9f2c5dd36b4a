"""Offers over gRPC: what ordering asks of the catalogue."""

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.queries import offers as queries
from services.catalog.wire.offers import offers_message
from shared.caller import ANY_ROLE, Caller
from shared.rpc import Servicer, query


class OfferRpcs(Servicer):
    """What products cost and take."""

    @query(answer=offers_message, allow=ANY_ROLE, planned_once=True)
    def BatchGetOffers(
        self, request: pb.BatchGetOffersRequest, tx: Session, caller: Caller
    ) -> queries.Offers:
        return queries.batch_get_offers(
            tx,
            names=request.products,
            caller=caller,
            services=request.services,
            licenses=request.licenses,
            customer=request.customer,
        )
