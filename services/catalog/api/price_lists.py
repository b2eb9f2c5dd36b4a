"""Price lists, terms and quotes over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.api.roles import BUSINESS_MANAGER, SEES_PRICE_LISTS
from services.catalog.commands import price_lists as commands
from services.catalog.domain.customer_terms import CustomerTerms
from services.catalog.domain.price_list import PriceList
from services.catalog.queries import price_lists as queries
from services.catalog.store import PriceLists
from services.catalog.wire.price_lists import (
    changes_from,
    charges_from,
    owner_from,
    price_list_message,
    price_lists_message,
    quote_message,
    state_from,
    terms_message,
)
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import Servicer, command, query
from shared.wire import time_from


class PriceListRpcs(Servicer):
    """What things cost, and whom."""

    @query(answer=price_lists_message, allow=SEES_PRICE_LISTS)
    def ListPriceLists(
        self, request: pb.ListPriceListsRequest, tx: Session, caller: Caller
    ) -> Page[PriceList]:
        return queries.list_price_lists(
            tx,
            enterprise=request.enterprise,
            state=state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=price_list_message, allow=SEES_PRICE_LISTS)
    def GetPriceList(
        self, request: pb.GetPriceListRequest, tx: Session, caller: Caller
    ) -> PriceList:
        return PriceLists(tx).get(request.name)

    @command(answer=price_list_message, allow=BUSINESS_MANAGER)
    def CreatePriceList(
        self, request: pb.CreatePriceListRequest, tx: Session, caller: Caller
    ) -> PriceList:
        wanted = request.price_list
        return commands.create_price_list(
            tx,
            display_name=wanted.display_name,
            currency=wanted.currency,
            enterprise=owner_from(wanted),
            start_at=time_from(wanted.start_time),
            end_at=time_from(wanted.end_time),
            charges=charges_from(wanted.entries),
        )

    @command(answer=price_list_message, allow=BUSINESS_MANAGER)
    def UpdatePriceList(
        self, request: pb.UpdatePriceListRequest, tx: Session, caller: Caller
    ) -> PriceList:
        wanted = request.price_list
        new = changes_from(wanted, request.update_mask)
        return commands.update_price_list(tx, name=wanted.name, etag=wanted.etag, **new)

    @command(answer=price_list_message, allow=BUSINESS_MANAGER)
    def SetPrices(self, request: pb.SetPricesRequest, tx: Session, caller: Caller) -> PriceList:
        charges = charges_from(request.entries)
        return commands.set_prices(tx, name=request.name, charges=charges, etag=request.etag)

    @command(answer=price_list_message, allow=BUSINESS_MANAGER)
    def RetirePriceList(
        self, request: pb.RetirePriceListRequest, tx: Session, caller: Caller
    ) -> PriceList:
        return commands.retire_price_list(tx, name=request.name, etag=request.etag)

    @query(answer=quote_message, allow=SEES_PRICE_LISTS)
    def QuotePrice(
        self, request: pb.QuotePriceRequest, tx: Session, caller: Caller
    ) -> queries.Quote:
        return queries.quote_price(
            tx,
            parent=request.parent,
            item=request.item,
            quantity=request.quantity,
            at=time_from(request.time),
            caller=caller,
        )

    @query(answer=terms_message, allow=SEES_PRICE_LISTS)
    def GetCustomerTerms(
        self, request: pb.GetCustomerTermsRequest, tx: Session, caller: Caller
    ) -> CustomerTerms:
        return queries.get_terms(tx, name=request.name, caller=caller)

    @command(answer=terms_message, allow=BUSINESS_MANAGER)
    def SetCustomerTerms(
        self, request: pb.SetCustomerTermsRequest, tx: Session, caller: Caller
    ) -> CustomerTerms:
        return commands.set_customer_terms(
            tx, name=request.name, currency=request.currency, etag=request.etag
        )
