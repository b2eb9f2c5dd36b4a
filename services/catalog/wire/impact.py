"""What rests on a product, out of protobuf."""

from millrun.catalog.v1 import product_pb2 as pb

from services.catalog.domain.impact import MOST, Impact
from shared.wire import time_message


def impact_message(impact: Impact) -> pb.ReturnImpact:
    """Return what is affected by a return as it is answered."""
    return pb.ReturnImpact(
        product=impact.product,
        orders=[
            pb.AffectedOrder(
                order=each.name,
                order_no=each.order_no,
                enterprise_legal_name=each.enterprise_legal_name,
                quantity=each.quantity,
                submit_time=time_message(each.ordered_at),
            )
            for each in impact.orders[:MOST]
        ],
        order_count=len(impact.orders),
        authorizations=[
            pb.AffectedAuthorization(authorization=each.name, account=each.account)
            for each in impact.authorizations[:MOST]
        ],
        authorization_count=len(impact.authorizations),
        manufacturers=[
            pb.AffectedManufacturer(manufacturer=each.name, legal_name=each.legal_name)
            for each in impact.manufacturers[:MOST]
        ],
        manufacturer_count=len(impact.manufacturers),
        partner_clients=[
            pb.AffectedPartnerClient(partner_client=each.name, display_name=each.display_name)
            for each in impact.partner_clients[:MOST]
        ],
        partner_client_count=len(impact.partner_clients),
        digest=impact.digest,
    )
