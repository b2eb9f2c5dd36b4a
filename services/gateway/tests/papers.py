"""Resources as the services would answer them, for the portal's tests."""

from typing import Any

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import (
    CheckPurchaseResponse,
    ListAuthorizationsResponse,
    ListCertificationsResponse,
    ListMembershipsResponse,
    ListPartnerClientsResponse,
    ListProductAssociationsResponse,
    PurchaseVerdict,
)
from millrun.authorization.v1.enterprise_pb2 import Certification, Enterprise, Membership
from millrun.authorization.v1.grant_pb2 import Authorization, PartnerClient, ProductAssociation
from millrun.catalog.v1.catalog_pb2 import (
    ImportProductsResponse,
    ListFirmwareResponse,
    ListModulesResponse,
    ListProductOwnersResponse,
    ListProductsResponse,
    ListValueAddedServicesResponse,
)
from millrun.catalog.v1.module_pb2 import Firmware, Module, PriceTier
from millrun.catalog.v1.product_pb2 import (
    AffectedAuthorization,
    AffectedManufacturer,
    AffectedOrder,
    AffectedPartnerClient,
    BuildConfiguration,
    ImportedProduct,
    Product,
    ProductOwner,
    ReturnImpact,
)
from millrun.contract.v1.contract_pb2 import (
    CompareContractVersionsResponse,
    ListContractEntriesResponse,
    ListContractsResponse,
    ListContractVersionsResponse,
)
from millrun.contract.v1.signing_pb2 import (
    Contract,
    ContractEntry,
    ContractVersion,
    Difference,
    Signature,
    SignatureMethod,
)
from millrun.fulfillment.v1.fulfillment_pb2 import (
    ListLicenseIssuesResponse,
    ListLicensesResponse,
    ListShipmentsResponse,
    ListWorkOrdersResponse,
)
from millrun.fulfillment.v1.license_pb2 import License, LicenseEntry, LicenseIssue
from millrun.fulfillment.v1.work_pb2 import Batch, Shipment, ShipmentItem, WorkOrder
from millrun.notification.v1.feed_pb2 import Message, OrderEvent
from millrun.notification.v1.notification_pb2 import (
    ListMessagesResponse,
    ListOrderEventsResponse,
    ReadMessagesResponse,
)
from millrun.ordering.v1.address_book_pb2 import AddressBookEntry
from millrun.ordering.v1.filling_pb2 import Obstacle
from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile
from millrun.ordering.v1.order_pb2 import (
    Address,
    Family,
    Gate,
    Gates,
    InvoiceTitle,
    Order,
    OrderForm,
    OrderLine,
    Purpose,
    Terms,
    WaitingOn,
)
from millrun.ordering.v1.ordering_pb2 import (
    ListAddressBookEntriesResponse,
    ListInvoiceProfilesResponse,
    ListObstaclesResponse,
    ListOrdersResponse,
    ListSuggestionsResponse,
)
from millrun.ordering.v1.suggestion_pb2 import Suggestion
from millrun.payment.v1.money_pb2 import BankAccount, Instalment, Method, PaymentPlan, Posting
from millrun.payment.v1.payment_pb2 import ListPostingsResponse

from services.gateway.tests.house import ACME, CHEN, House
from shared.testing.explained import an_explanation
from shared.testing.on_top import labels, sold
from shared.testing.refunded import refunds
from shared.testing.revised import a_changed_order

ORDER = f"{ACME}/orders/7"
PRODUCT = f"{ACME}/products/ws3gacme01"
MODULE = "modules/wr3e"
DIGEST = "sha256:" + "ab12" * 16


def yuan(amount: int) -> Money:
    """Return an amount in whole yuan."""
    return Money(currency_code="CNY", units=amount)


def an_order(**other: Any) -> Order:
    """Return an order whose deposit is to be paid, with `other` fields."""
    fields: dict[str, Any] = {
        "name": ORDER,
        "order_no": "MR-2026-000007",
        "state": Order.CONTRACT_SIGNED,
        "purpose": Purpose.MASS_PRODUCTION,
        "owner": ACME,
        "lines": [
            OrderLine(
                line_no=1,
                product=PRODUCT,
                pid="ws3gacme01",
                display_name="Wall Switch <3-gang>",
                quantity=2000,
                module_display_name="WR3E Wi-Fi module",
                firmware_version="2.4.1",
                firmware_digest=DIGEST,
                list_unit_price=yuan(13),
                unit_price=yuan(12),
                amount=yuan(24000),
                services=[labels()],
            )
        ],
        "form": OrderForm(
            po_no="PO-7",
            delivery_address=Address(street="8 Wensan Road", city="Hangzhou"),
            invoice_title=InvoiceTitle(type=InvoiceTitle.SPECIAL_VAT, title="Acme"),
        ),
        "total": yuan(24000),
        "gates": Gates(price=Gate.PASSED, software=Gate.PASSED, contract=Gate.PASSED),
        "waiting_on": WaitingOn(party=WaitingOn.BUYER, task="pay the deposit"),
        "buyer": CHEN,
        "business_manager": "accounts/lin",
        "business_manager_display_name": "Wei Lin",
        "business_manager_email": "lin@vendor.example",
        "terms": Terms(deposit_percent=30, lead_time_days=21),
        "etag": "5",
        "hotline": "+86 400 111 2222",
    }
    return Order(**(fields | other))


def an_order_of_licences(**other: Any) -> Order:
    """Return an order of licences that is paid, with `other` fields."""
    line = OrderLine(
        line_no=1,
        product=PRODUCT,
        pid="ws3gacme01",
        display_name="Wall Switch <3-gang>",
        quantity=100,
        license_type="licenseTypes/video",
        license_type_display_name="IPC SDK, live <video>",
        list_unit_price=yuan(2),
        unit_price=yuan(2),
        amount=yuan(200),
        finished_quantity=100,
    )
    gates = Gates(price=Gate.PASSED, balance=Gate.PASSED, receipt=Gate.PENDING)
    for gate in ("software", "contract", "deposit", "production", "shipment", "invoice"):
        setattr(gates, gate, Gate.NOT_REQUIRED)
    fields: dict[str, Any] = {
        "state": Order.DEPOSIT_PAID,
        "family": Family.LICENSE,
        "lines": [line],
        "total": yuan(200),
        "gates": gates,
        "terms": Terms(deposit_percent=100, lead_time_days=2),
        "waiting_on": WaitingOn(party=WaitingOn.BUYER, task="open the licence codes"),
    }
    return an_order(**(fields | other))


def a_license_issue(**other: Any) -> LicenseIssue:
    """Return licences that are issued and wait to be opened, with `other` fields."""
    entry = LicenseEntry(
        act=LicenseEntry.ISSUED, quantity=100, account="accounts/factory", digest=DIGEST
    )
    fields: dict[str, Any] = {
        "name": f"{ACME}/licenseIssues/6",
        "license_issue_no": "ML-2026-000006",
        "state": LicenseIssue.ISSUED,
        "order": ORDER,
        "order_no": "MR-2026-000007",
        "line_no": 1,
        "product": PRODUCT,
        "product_display_name": "Wall Switch <3-gang>",
        "license_type": "licenseTypes/video",
        "license_type_display_name": "IPC SDK, live <video>",
        "quantity": 100,
        "issued_quantity": 100,
        "sealed_quantity": 100,
        "entries": [entry],
        "etag": "2",
    }
    return LicenseIssue(**(fields | other))


def a_product(lifecycle: str = "MASS_PRODUCTION", **other: Any) -> Product:
    """Return a product of Acme with `other` fields."""
    fields: dict[str, Any] = {
        "name": PRODUCT,
        "pid": "ws3gacme01",
        "display_name": "Wall Switch <3-gang>",
        "lifecycle": lifecycle,
        "build": BuildConfiguration(module=MODULE, firmware=f"{MODULE}/firmware/1"),
        "model": "AC-WS3",
        "owner": ACME,
        "firmware_version": "2.4.1",
        "firmware_state": "RELEASED",
        "etag": "3",
    }
    return Product(**(fields | other))


def a_contract(state: str = "SIGNED") -> Contract:
    """Return the contract of the order."""
    return Contract(
        name=f"{ACME}/contracts/9",
        contract_no="MC-2026-000009",
        state=Contract.State.Value(state),
        order=ORDER,
        order_no="MR-2026-000007",
        document_digest=DIGEST,
        total=yuan(24000),
        deposit=yuan(7200),
        etag="2",
        version=2,
        addendum=True,
        versions_in_force=[1],
    )


def a_history() -> dict[str, Any]:
    """Return the versions of a contract, what differs between them, and its record."""
    quantity = Difference(
        clause=Difference.GOODS, line_no=1, field="quantity", before="1,000", after="1,200"
    )
    street = Difference(
        clause=Difference.DELIVERY, field="address.street", before="<Old> 1", after="New 2"
    )
    scan = Signature(
        signer_name="Chen Jie",
        sign_time=Timestamp(seconds=1_770_000_070),
        method=SignatureMethod.SCAN,
        address="192.0.2.7",
        upload_digest=DIGEST,
        recognised_pages=2,
        uploaded_pages=3,
    )
    versions = [
        ContractVersion(
            version=2,
            state=ContractVersion.GENERATED,
            addendum=True,
            content_digest=DIGEST,
            document_digest=DIGEST,
            total=yuan(28_800),
            differences=[quantity, street],
            create_time=Timestamp(seconds=1_770_000_080),
        ),
        ContractVersion(
            version=1,
            state=ContractVersion.SIGNED,
            content_digest=DIGEST,
            document_digest=DIGEST,
            total=yuan(24_000),
            buyer_signature=scan,
            create_time=Timestamp(seconds=1_770_000_000),
        ),
    ]
    entries = [
        ContractEntry(
            act=act,
            version=1,
            display_name="Chen Jie" if act == ContractEntry.UPLOADED else "",
            address="192.0.2.7" if act == ContractEntry.UPLOADED else "",
            time=Timestamp(seconds=1_770_000_000 + act),
            note=DIGEST if act == ContractEntry.GENERATED else "",
        )
        for act in (ContractEntry.UPLOADED, ContractEntry.GENERATED, ContractEntry.BEGUN)
    ]
    return {
        "ListContractVersions": ListContractVersionsResponse(versions=versions),
        "ListContractEntries": ListContractEntriesResponse(entries=entries),
        "CompareContractVersions": CompareContractVersionsResponse(differences=[quantity, street]),
        "DownloadSignedCopy": [HttpBody(content_type="image/png", data=b"\x89PNG")],
    }


def a_plan(*methods: str) -> PaymentPlan:
    """Return what is due for the order, payable by `methods`."""
    deposit = Instalment(
        kind=Instalment.DEPOSIT,
        amount=yuan(7200),
        settled=yuan(0),
        open=yuan(7200),
        reference="RF18MR7D",
    )
    return PaymentPlan(
        name=f"{ACME}/paymentPlans/7",
        order=ORDER,
        total=yuan(24000),
        settled=yuan(0),
        open=yuan(24000),
        instalments=[deposit],
        allowed_methods=[Method.Value(method) for method in methods],
        vendor_account=BankAccount(holder="Sample Modules", number="6222 0200"),
        etag="4",
    )


def an_impact() -> ReturnImpact:
    """Return what a return would affect: something of every kind, an order of another's too."""
    order = AffectedOrder(
        order="enterprises/bora/orders/8",
        order_no="MR-2026-000008",
        enterprise_legal_name="Bora & Sons",
        quantity=2000,
    )
    order.submit_time.GetCurrentTime()
    return ReturnImpact(
        product=PRODUCT,
        orders=[order],
        order_count=1,
        authorizations=[
            AffectedAuthorization(authorization=f"{ACME}/authorizations/2", account=CHEN),
            AffectedAuthorization(authorization=f"{ACME}/authorizations/404", account=CHEN),
        ],
        authorization_count=2,
        manufacturers=[
            AffectedManufacturer(manufacturer="enterprises/bora", legal_name="Bora & Sons")
        ],
        manufacturer_count=1,
        partner_clients=[
            AffectedPartnerClient(
                partner_client=f"{ACME}/partnerClients/1", display_name="Warehouse"
            )
        ],
        partner_client_count=1,
        digest="d1",
    )


def an_import(*refused: str) -> ImportProductsResponse:
    """Return what became of a file: one product created, and one line refused for each reason."""
    created = ImportedProduct(
        line=2, pid="lamp0001", display_name="Lamp <x>", outcome=ImportedProduct.CREATED
    )
    lines = [
        ImportedProduct(
            line=number,
            outcome=ImportedProduct.REFUSED,
            reason=reason,
            message="It cannot be imported.",
            fix="Mend the line.",
            facts={"product_id": "LAMP"},
        )
        for number, reason in enumerate(refused, start=3)
    ]
    return ImportProductsResponse(
        products=[created, *lines], created_count=1, refused_count=len(lines)
    )


def in_the_way(**other: Any) -> ListObstaclesResponse:
    """Return that the one line of a draft cannot be ordered any more, and why."""
    fields: dict[str, Any] = {
        "line_no": 1,
        "product": PRODUCT,
        "reason": "FIRMWARE_NOT_ALLOWED",
        "message": "Firmware 2.4.1 of product ws3gacme01 is retired, which is not allowed for "
        "mass production.",
        "fix": "Ask your project manager about a released firmware version.",
        "facts": {"pid": "ws3gacme01", "firmware": "2.4.1", "purpose": "mass production"},
    }
    return ListObstaclesResponse(obstacles=[Obstacle(**(fields | other))])


def furnish(house: House) -> None:
    """Let every list hold something and every page have something to show."""
    batch = Batch(production_batch_no="PB/1", quantity=2000, test_data_digest=DIGEST)
    item = ShipmentItem(work_order=f"{ACME}/workOrders/3", quantity=2000)
    event = OrderEvent(type="ordering.order.submitted", order=ORDER, actor=CHEN)
    event.time.GetCurrentTime()
    house.answers |= {
        "ExplainPurchase": an_explanation("AUTHORIZATION"),
        "GetOrder": an_order(),
        **a_changed_order(CHEN),
        **refunds(ORDER),
        "ListOrders": ListOrdersResponse(orders=[an_order()], next_page_token="more"),
        "ListContracts": ListContractsResponse(contracts=[a_contract()]),
        **a_history(),
        "GetContract": a_contract("GENERATED"),
        "GetPaymentPlan": a_plan("OFFLINE_TRANSFER"),
        "ListPostings": ListPostingsResponse(
            postings=[Posting(ledger_account="customer_deposits", amount=yuan(-5), memo="RF18")]
        ),
        "ListWorkOrders": ListWorkOrdersResponse(
            work_orders=[
                WorkOrder(name=f"{ACME}/workOrders/3", state=WorkOrder.STARTED, batches=[batch])
            ]
        ),
        "ListLicenseIssues": ListLicenseIssuesResponse(license_issues=[a_license_issue()]),
        "GetLicenseIssue": a_license_issue(),
        "ListLicenses": ListLicensesResponse(
            licenses=[License(serial_no=1, masked_code="…-9F3K", state=License.SEALED)]
        ),
        "ListShipments": ListShipmentsResponse(
            shipments=[
                Shipment(
                    name=f"{ACME}/shipments/4",
                    shipment_no="MS-2026-000004",
                    state=Shipment.DISPATCHED,
                    items=[item],
                    carrier="SF Express",
                    tracking_no="SF1",
                    etag="1",
                )
            ]
        ),
        "ListOrderEvents": ListOrderEventsResponse(order_events=[event]),
        "ListMessages": ListMessagesResponse(
            messages=[
                Message(name=f"{CHEN}/messages/1", subject="Order is confirmed", about=ORDER)
            ],
            unread=1,
        ),
        "ReadMessages": ReadMessagesResponse(read_count=1),
        "ReadMessage": Message(name=f"{CHEN}/messages/1", about=ORDER, read=True),
        "GetProduct": a_product(),
        "ListProducts": ListProductsResponse(products=[a_product()]),
        "ListProductOwners": ListProductOwnersResponse(
            owners=[
                ProductOwner(owner=ACME, legal_name="Acme Smart Home"),
                ProductOwner(owner="enterprises/bora", legal_name="Bora & Sons"),
            ]
        ),
        "PreviewReturn": an_impact(),
        "ImportProducts": an_import(),
        "ListValueAddedServices": ListValueAddedServicesResponse(value_added_services=sold()),
        "ListModules": ListModulesResponse(modules=[a_module()]),
        "GetModule": a_module(),
        "ListFirmware": ListFirmwareResponse(
            firmware=[
                Firmware(
                    name=f"{MODULE}/firmware/1",
                    version="2.4.1",
                    digest=DIGEST,
                    state=Firmware.RELEASED,
                )
            ]
        ),
        "CheckPurchase": CheckPurchaseResponse(
            verdicts=[PurchaseVerdict(product=PRODUCT, visible=True, roles=[Role.BUYER])]
        ),
        "GetEnterprise": Enterprise(
            name=ACME,
            legal_name="Acme Smart Home",
            certified=True,
            kinds=[Enterprise.BRAND_OWNER, Enterprise.MANUFACTURER],
        ),
        "ListCertifications": ListCertificationsResponse(
            certifications=[Certification(state=Certification.APPROVED)]
        ),
        "ListAddressBookEntries": ListAddressBookEntriesResponse(
            address_book_entries=[an_entry(), an_entry("2", "Bonded <dock>", default=True)]
        ),
        "GetAddressBookEntry": an_entry(),
        "ListInvoiceProfiles": ListInvoiceProfilesResponse(
            invoice_profiles=[a_profile(), a_profile("2", "Plant", default=True)]
        ),
        "GetInvoiceProfile": a_profile(),
        "ListSuggestions": ListSuggestionsResponse(suggestions=[a_suggestion()]),
        "GetSuggestion": a_suggestion(),
        "ListMemberships": ListMembershipsResponse(
            memberships=[
                Membership(
                    name=f"{ACME}/memberships/3",
                    email="li@acme.example",
                    roles=[Role.RND],
                    etag="4",
                )
            ]
        ),
        "ListAuthorizations": ListAuthorizationsResponse(authorizations=[an_authorization()]),
        "GetAuthorization": an_authorization(),
        "ListProductAssociations": ListProductAssociationsResponse(
            product_associations=associations()
        ),
        "ListPartnerClients": ListPartnerClientsResponse(
            partner_clients=[
                PartnerClient(
                    name=f"{ACME}/partnerClients/5",
                    display_name="ERP",
                    state=PartnerClient.ACTIVE,
                    etag="1",
                )
            ]
        ),
    }


def an_entry(number: str = "1", label: str = "Warehouse", **other: Any) -> AddressBookEntry:
    """Return an address of Acme's address book."""
    return AddressBookEntry(
        name=f"{ACME}/addressBookEntries/{number}",
        label=label,
        address=Address(
            recipient="Li Wei",
            phone="+86 571 1",
            street=f"{number} Wensan Road",
            city="Hangzhou",
            country_code="CN",
        ),
        etag="6",
        **other,
    )


def a_profile(number: str = "1", label: str = "Head <office>", **other: Any) -> InvoiceProfile:
    """Return an invoice title that is kept, with `other` fields."""
    title = InvoiceTitle(
        type=InvoiceTitle.SPECIAL_VAT,
        title=f"Acme {number}",
        tax_id="91330100MA",
        address="8 Wensan Road",
        phone="+86 571 1",
        bank="Bank of Hangzhou",
        bank_account="6222 0200",
        email="invoices@acme.example",
    )
    return InvoiceProfile(
        name=f"{ACME}/invoiceProfiles/{number}", label=label, invoice_title=title, etag="6", **other
    )


def a_suggestion(**other: Any) -> Suggestion:
    """Return what Chen suggested, and the answer."""
    fields: dict[str, Any] = {
        "name": f"{ACME}/suggestions/5",
        "state": Suggestion.ANSWERED,
        "text": "Could you pack <ten> to a box?",
        "order": ORDER,
        "subject": "MR-2026-000007",
        "author": CHEN,
        "author_display_name": "Chen Jie",
        "answer": "From the next batch on.",
        "answered_by_display_name": "Wei Lin",
        "create_time": Timestamp(seconds=1_770_000_000),
        "answer_time": Timestamp(seconds=1_770_090_000),
    }
    return Suggestion(**(fields | other))


def a_module() -> Module:
    """Return a module with one price."""
    return Module(
        name=MODULE,
        display_name="WR3E Wi-Fi module",
        price_tiers=[PriceTier(from_quantity=1, unit_price=yuan(13))],
        minimum_quantity=1000,
        packing_unit=500,
    )


def an_authorization() -> Authorization:
    """Return what lets Chen order the product."""
    return Authorization(
        name=f"{ACME}/authorizations/2",
        email="chen@acme.example",
        display_name="Chen Jie",
        role=Role.BUYER,
        products=[PRODUCT],
        state=Authorization.ACTIVE,
        purposes=[Purpose.MASS_PRODUCTION],
        quantity_cap=5000,
        used_quantity=1200,
        # The end of the last day of January.
        expire_time=Timestamp(seconds=1_801_440_000),
        etag="1",
    )


def associations() -> list[ProductAssociation]:
    """Return one of each kind: proposed to Acme, and open to Acme."""
    return [
        ProductAssociation(
            name="enterprises/maker/productAssociations/8",
            product=PRODUCT,
            owner=ACME,
            manufacturer_legal_name="Maker Ltd",
            state=ProductAssociation.PROPOSED,
            etag="1",
        ),
        ProductAssociation(
            name=f"{ACME}/productAssociations/9",
            product="enterprises/brand/products/lamp-3",
            owner="enterprises/brand",
            owner_legal_name="Brand Ltd",
            state=ProductAssociation.ACTIVE,
            etag="2",
        ),
    ]
