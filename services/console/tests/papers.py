"""Resources as the services would answer them, for the console's tests."""

from typing import Any

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from millrun.authorization.v1.account_pb2 import Deputyship, Role
from millrun.authorization.v1.authorization_pb2 import (
    ListCertificationsResponse,
    ListDeputyshipsResponse,
    ListEnterprisesResponse,
    ListMembershipsResponse,
    ListProductAssociationsResponse,
)
from millrun.authorization.v1.enterprise_pb2 import (
    Certification,
    CertificationDocument,
    Enterprise,
    Membership,
)
from millrun.authorization.v1.grant_pb2 import ProductAssociation
from millrun.authorization.v1.project_pb2 import ListProjectsResponse, Project
from millrun.catalog.v1.catalog_pb2 import (
    ListFirmwareResponse,
    ListModulesResponse,
    ListProductsResponse,
)
from millrun.catalog.v1.module_pb2 import Firmware, Module, PriceTier
from millrun.catalog.v1.product_pb2 import (
    AffectedManufacturer,
    AffectedOrder,
    Product,
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
from millrun.notification.v1.notification_pb2 import ListMessagesResponse, ListOrderEventsResponse
from millrun.operations.v1.operations_pb2 import DeadLetter, ListDeadLettersResponse
from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import (
    Address,
    Gate,
    Gates,
    InvoiceTitle,
    Order,
    OrderForm,
    OrderLine,
    OrderLineService,
    Purpose,
    WaitingOn,
)
from millrun.ordering.v1.ordering_pb2 import (
    ListOrdersRequest,
    ListOrdersResponse,
    ListSuggestionsResponse,
)
from millrun.ordering.v1.suggestion_pb2 import Suggestion
from millrun.payment.v1.money_pb2 import (
    Channel,
    Instalment,
    Invoice,
    Method,
    Payment,
    PaymentPlan,
    Posting,
)
from millrun.payment.v1.payment_pb2 import (
    ListInvoicesRequest,
    ListInvoicesResponse,
    ListPaymentPlansResponse,
    ListPaymentsResponse,
    ListPostingsResponse,
)

from services.console.tests import stock
from services.console.tests.office import COLLEAGUE, ME, Office
from shared.testing.explained import an_explanation
from shared.testing.on_top import LABELS, labels
from shared.testing.refunded import refunds
from shared.testing.revised import a_changed_order

ACME = "enterprises/acme"
ORDER = f"{ACME}/orders/7"
FIRMWARE = "modules/wr3e/firmware/1"
DIGEST = "sha256:" + "ab12" * 16
MODEL = "Wall Switch <3-gang>"
"""Whatever a stranger writes stays text."""


def yuan(units: int, nanos: int = 0) -> Money:
    """Return an amount in yuan."""
    return Money(currency_code="CNY", units=units, nanos=nanos)


def at(seconds: int) -> Timestamp:
    """Return a moment, some seconds after one in 2026."""
    return Timestamp(seconds=1_770_000_000 + seconds)


def a_license_issue(**other: Any) -> LicenseIssue:
    """Return licences of which half are issued and opened, with `other` fields."""
    entries = [
        LicenseEntry(
            act=act,
            quantity=50,
            account=account,
            time=at(60),
            digest=DIGEST,
            reason="The <file> was lost." if act == LicenseEntry.RELEASED else "",
        )
        for act, account in (
            (LicenseEntry.ISSUED, ME),
            (LicenseEntry.OPENED, "accounts/chen"),
            (LicenseEntry.DOWNLOADED, "accounts/chen"),
            (LicenseEntry.RELEASED, COLLEAGUE),
        )
    ]
    about: dict[str, Any] = {
        "name": f"{ACME}/licenseIssues/7",
        "license_issue_no": "ML-2026-000007",
        "state": LicenseIssue.OPEN,
        "order": ORDER,
        "order_no": "MR-2026-000007",
        "line_no": 1,
        "product": f"{ACME}/products/ws3gacme01",
        "product_display_name": MODEL,
        "license_type": "licenseTypes/ipc",
        "license_type_display_name": "IPC SDK, live <video>",
        "quantity": 100,
        "issued_quantity": 50,
        "opened_quantity": 50,
        "enterprise_legal_name": "Acme Smart Home Co., Ltd.",
        "customer_batch_no": "B-1",
        "snapshot_digest": DIGEST,
        "entries": entries,
        "create_time": at(0),
        "etag": "4",
    }
    return LicenseIssue(**(about | other))


def some_licenses() -> ListLicensesResponse:
    """Return codes, masked."""
    return ListLicensesResponse(
        licenses=[
            License(
                serial_no=number,
                masked_code=f"…-9F3{number}",
                state=License.OPENED,
                issue_time=at(60),
            )
            for number in (1, 2)
        ]
    )


def an_order(**other: Any) -> Order:
    """Return a submitted order of two lines in Wei Lin's hands."""
    lines = [
        OrderLine(
            line_no=number,
            product=f"{ACME}/products/ws3gacme0{number}",
            pid=f"ws3gacme0{number}",
            display_name=MODEL,
            quantity=1000,
            module="modules/wr3e",
            module_display_name="WR3E Wi-Fi module",
            firmware=FIRMWARE,
            firmware_version="2.4.1",
            firmware_digest=DIGEST,
            list_unit_price=yuan(12, 500_000_000),
            unit_price=yuan(12, 500_000_000),
            services=[labels()],
            amount=yuan(12_500),
        )
        for number in (1, 2)
    ]
    about = {
        "name": ORDER,
        "order_no": "MR-2026-000007",
        "state": Order.INTENTION,
        "purpose": Purpose.MASS_PRODUCTION,
        "owner": ACME,
        "lines": lines,
        "form": OrderForm(
            po_no="PO-1",
            delivery_address=Address(recipient="Goods receipt", city="Hangzhou", country_code="CN"),
            invoice_title=InvoiceTitle(type=InvoiceTitle.SPECIAL_VAT, title="Acme"),
        ),
        "total": yuan(25_000),
        "gates": Gates(price=Gate.PENDING, software=Gate.PENDING),
        "waiting_on": WaitingOn(
            party=WaitingOn.BUSINESS_MANAGER, task="confirm the price", since=at(50)
        ),
        "enterprise_legal_name": "Acme Smart Home",
        "business_manager": ME,
        "project_manager": ME,
        "submit_time": at(50),
        "etag": "4",
    }
    return Order(**{**about, **other})


def an_amended_order(**other: Any) -> Order:
    """Return an order whose buyer asks for twice as many of line 1, and labels on line 2."""
    order = an_order(state=Order.CONFIRMED, **other)
    for line, quantity in zip(order.lines, (2000, 1000), strict=True):
        order.amended_lines.add().CopyFrom(line)
        order.amended_lines[-1].quantity = quantity
    first = order.amended_lines[0]
    first.list_unit_price.CopyFrom(yuan(11))
    first.unit_price.CopyFrom(yuan(10, 500_000_000))
    first.price_reason = "A <frame> order."
    meant: dict[str, Any] = {
        "proposed_by": "accounts/chen",
        "proposed_as": Amendment.BUYER,
        "awaits": [Amendment.BUSINESS_MANAGER],
        "reason": "We need <more>.",
        "propose_time": at(60),
        "total_before": yuan(25_000),
        "total_after": yuan(33_500),
        "deposit_before": yuan(7_500),
        "deposit_after": yuan(10_050),
        "addendum_suffices": True,
        "to_be_signed": True,
    }
    order.amendment.MergeFrom(Amendment(**meant))
    order.amendment.changes.add(line_no=1, field="quantity", before="1000", after="2000")
    order.amendment.changes.add(line_no=2, field="services.labels", after="Custom <label>")
    return order


def a_batch(number: str = "B-1", **other: Any) -> Batch:
    """Return a batch that runs."""
    about = {
        "production_batch_no": number,
        "quantity": 600,
        "state": Batch.STARTED,
        "passed_quantity": 7,
        "start_time": at(60),
    }
    return Batch(**{**about, **other})


def a_work_order(*batches: Batch, **other: Any) -> WorkOrder:
    """Return a work order that was started."""
    about = {
        "name": f"{ACME}/workOrders/7",
        "work_order_no": "MW-2026-000007",
        "state": WorkOrder.STARTED,
        "order": ORDER,
        "order_no": "MR-2026-000007",
        "line_no": 1,
        "module_display_name": "WR3E Wi-Fi module",
        "product_display_name": MODEL,
        "firmware_version": "2.4.1",
        "firmware_digest": DIGEST,
        "quantity": 1000,
        "services": [
            OrderLineService(
                service=LABELS,
                display_name="Custom <label>",
                description="Hand in the label as a PDF.",
            )
        ],
        "batches": batches,
        "enterprise_legal_name": "Acme Smart Home",
        "etag": "9",
    }
    return WorkOrder(**{**about, **other})


def a_contract(**other: Any) -> Contract:
    """Return a contract the buyer has signed and Wei Lin has not."""
    contract = Contract(
        name=f"{ACME}/contracts/7",
        contract_no="MC-2026-000007",
        state=Contract.BUYER_SIGNED,
        order=ORDER,
        order_no="MR-2026-000007",
        document_digest=DIGEST,
        total=yuan(25_000),
        deposit=yuan(7_500),
        business_manager=ME,
        enterprise_legal_name="Acme Smart Home",
        etag="3",
    )
    contract.buyer_signature.signer_name = "Chen <Jie>"
    contract.buyer_signature.sign_time.CopyFrom(at(70))
    contract.MergeFrom(Contract(**other))
    return contract


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


def a_plan() -> PaymentPlan:
    """Return a plan on which nothing came yet."""
    return PaymentPlan(
        name=f"{ACME}/paymentPlans/7",
        order=ORDER,
        order_no="MR-2026-000007",
        total=yuan(25_000),
        settled=yuan(0),
        open=yuan(25_000),
        channel=Channel.OFFLINE,
        instalments=[
            Instalment(
                kind=Instalment.DEPOSIT, amount=yuan(7_500), reference="RF18D", open=yuan(7_500)
            ),
            Instalment(
                kind=Instalment.BALANCE, amount=yuan(17_500), reference="RF18B", open=yuan(17_500)
            ),
        ],
        enterprise_legal_name="Acme Smart Home",
        etag="2",
    )


def a_payment() -> Payment:
    """Return a transfer the buyer announced."""
    return Payment(
        name=f"{ACME}/payments/1",
        order=ORDER,
        order_no="MR-2026-000007",
        method=Method.OFFLINE_TRANSFER,
        channel=Channel.OFFLINE,
        state=Payment.INSTRUCTED,
        amount=yuan(7_500),
        reference="RF18D",
        create_time=at(80),
    )


def an_invoice() -> Invoice:
    """Return an invoice that was asked for."""
    return Invoice(
        name=f"{ACME}/invoices/1",
        order=ORDER,
        order_no="MR-2026-000007",
        state=Invoice.REQUESTED,
        amount=yuan(25_000),
        title=InvoiceTitle(type=InvoiceTitle.GENERAL_VAT, title="Acme", tax_id="9133"),
        enterprise_legal_name="Acme Smart Home",
        create_time=at(90),
        etag="1",
    )


def invoices_in(request: ListInvoicesRequest) -> ListInvoicesResponse:
    """Answer with the one there is, if it is in the state that is asked for."""
    there = an_invoice()
    wanted = request.state in {Invoice.STATE_UNSPECIFIED, there.state}
    return ListInvoicesResponse(invoices=[there] if wanted else [])


def a_certification() -> Certification:
    """Return a request that is to be decided."""
    return Certification(
        name=f"{ACME}/certifications/1",
        state=Certification.PENDING,
        legal_name="Acme Smart Home",
        registration_no="9133",
        documents=[
            CertificationDocument(
                digest="sha256:1", file_name="licence.pdf", media_type="application/pdf", size=9000
            )
        ],
        create_time=at(10),
        etag="1",
    )


def a_dead_letter() -> DeadLetter:
    """Return an event that failed at every attempt."""
    letter = DeadLetter(
        name="deadLetters/0190",
        state=DeadLetter.DEAD,
        event_type="millrun.contract.v1.ContractSigned",
        aggregate=f"{ACME}/contracts/7",
        sequence=3,
        enterprise=ACME,
        attempts=12,
        error="KeyError: <nothing>",
        event_time=at(100),
    )
    letter.data.update({"contract": f"{ACME}/contracts/7"})
    return letter


def a_suggestion(**other: Any) -> Suggestion:
    """Return what a buyer of Acme suggests to Wei Lin."""
    fields: dict[str, Any] = {
        "name": f"{ACME}/suggestions/3",
        "state": Suggestion.OPEN,
        "text": "Could you pack <ten> to a box?",
        "order": ORDER,
        "subject": "MR-2026-000007",
        "author_display_name": "Chen Jie",
        "enterprise_legal_name": "Acme Smart Home",
        "business_manager": ME,
        "create_time": at(2),
        "etag": "1",
    }
    return Suggestion(**(fields | other))


def a_project(**other: Any) -> Project:
    """Return a project of Acme that Wei Lin has in hand."""
    fields: dict[str, Any] = {
        "name": f"{ACME}/projects/5",
        "display_name": "Plugs <2026>",
        "project_manager": ME,
        "project_manager_display_name": "Wei Lin",
        "products": [f"{ACME}/products/{pid}" for pid in ("ws3gacme01", "plug2", "plug3", "plug4")],
        "state": Project.ACTIVE,
        "enterprise_legal_name": "Acme Smart Home",
        "create_time": at(9),
        "etag": "1",
    }
    return Project(**(fields | other))


def two_pages_of_orders(asked: ListOrdersRequest) -> ListOrdersResponse:
    """Answer with an order, and nothing on the page after it."""
    if asked.page_token:
        return ListOrdersResponse()
    return ListOrdersResponse(orders=[an_order()], next_page_token="more")


def furnish(office: Office) -> None:
    """Let every service answer with something to look at."""
    enterprise = Enterprise(
        name=ACME,
        legal_name="Acme Smart Home",
        kinds=[Enterprise.BRAND_OWNER],
        certified=True,
        business_manager=ME,
        project_manager=COLLEAGUE,
    )
    maker = Enterprise(name="enterprises/bora", legal_name="Bora", kinds=[Enterprise.MANUFACTURER])
    batches = [
        a_batch(),
        a_batch("B-2", quantity=100, state=Batch.STOPPED, stop_reason="Unit S<1> is wrong."),
        a_batch("B-3", quantity=200, state=Batch.COMPLETED, test_data_digest=DIGEST),
    ]
    gone = a_batch("B-4", state=Batch.WITHDRAWN, withdraw_reason="Not <600> but 60.")
    work = a_work_order(
        *batches, finished_quantity=200, cleared_for_shipping=True, withdrawn_batches=[gone]
    )
    shipment = Shipment(
        name=f"{ACME}/shipments/1",
        shipment_no="MS-1",
        order=ORDER,
        items=[ShipmentItem(work_order=work.name, production_batch_no="B-3", quantity=5)],
        carrier="SF <Express>",
        tracking_no="SF1",
        state=Shipment.DISPATCHED,
    )
    module = Module(
        name="modules/wr3e",
        display_name="WR3E Wi-Fi module",
        price_tiers=[PriceTier(from_quantity=1, unit_price=yuan(14))],
        minimum_quantity=10,
        packing_unit=10,
        lead_time_days=21,
    )
    firmware = Firmware(
        name=FIRMWARE, version="2.4.1", digest=DIGEST, state=Firmware.BETA, etag="1"
    )
    member = Membership(email="chen@acme.example", display_name="Chen", roles=[Role.BUYER])
    product = Product(
        name=f"{ACME}/products/ws3gacme01",
        pid="ws3gacme01",
        display_name=MODEL,
        owner=ACME,
        lifecycle=Product.TRIAL_PRODUCTION,
    )
    association = ProductAssociation(
        name="enterprises/bora/productAssociations/1",
        product=product.name,
        state=ProductAssociation.ACTIVE,
        etag="1",
    )
    event = OrderEvent(
        type="ordering.order.submitted",
        actor="accounts/chen",
        actor_display_name="Chen Jie",
        time=at(50),
    )
    message = Message(name=f"{ME}/messages/1", subject="An order came in", about=ORDER)
    posting = Posting(ledger_account="bank", amount=yuan(-5), memo="Transfer <1>")
    office.answers |= {
        "ExplainPurchase": an_explanation("AUTHORIZATION", askable=False),
        "ListSuggestions": ListSuggestionsResponse(suggestions=[a_suggestion()]),
        "GetSuggestion": a_suggestion(),
        "ListOrders": two_pages_of_orders,
        "GetOrder": an_order(),
        **a_changed_order("accounts/chen"),
        **refunds(ORDER),
        "ListContracts": ListContractsResponse(contracts=[a_contract()]),
        **a_history(),
        "GetContract": a_contract(),
        "DownloadContract": [HttpBody(content_type="application/pdf", data=b"%PDF-1.7")],
        "ListPaymentPlans": ListPaymentPlansResponse(payment_plans=[a_plan()]),
        "GetPaymentPlan": a_plan(),
        "ListPayments": ListPaymentsResponse(payments=[a_payment()]),
        "ListPostings": ListPostingsResponse(postings=[posting]),
        "ListInvoices": invoices_in,
        "ListLicenseIssues": ListLicenseIssuesResponse(license_issues=[a_license_issue()]),
        "GetLicenseIssue": a_license_issue(),
        "ListLicenses": some_licenses(),
        "ListWorkOrders": ListWorkOrdersResponse(work_orders=[work]),
        "GetWorkOrder": work,
        "DownloadTestData": [HttpBody(content_type="text/csv", data=b"serial_no\n")],
        "ListShipments": ListShipmentsResponse(shipments=[shipment]),
        "ListEnterprises": ListEnterprisesResponse(enterprises=[enterprise, maker]),
        "GetEnterprise": enterprise,
        "ListMemberships": ListMembershipsResponse(memberships=[member]),
        "ListCertifications": ListCertificationsResponse(certifications=[a_certification()]),
        "ListProjects": ListProjectsResponse(projects=[a_project()], next_page_token="more"),
        "GetProject": a_project(),
        "ListProducts": ListProductsResponse(products=[product]),
        "GetProduct": product,
        "PreviewReturn": ReturnImpact(
            product=product.name,
            orders=[
                AffectedOrder(
                    order="enterprises/acme/orders/7",
                    order_no="MR-2026-000007",
                    enterprise_legal_name=MODEL,
                    quantity=2000,
                )
            ],
            order_count=1,
            manufacturers=[
                AffectedManufacturer(manufacturer="enterprises/bora", legal_name="Bora")
            ],
            manufacturer_count=1,
        ),
        "ListModules": ListModulesResponse(modules=[module]),
        "GetModule": module,
        "ListFirmware": ListFirmwareResponse(firmware=[firmware]),
        "ListDeputyships": ListDeputyshipsResponse(
            deputyships=[
                Deputyship(
                    name="accounts/lin/deputyships/4",
                    absent="accounts/lin",
                    absent_display_name="Wei Lin",
                    deputy="accounts/ana",
                    deputy_display_name="Ana D.",
                    state=Deputyship.ACTIVE,
                    etag="1",
                )
            ]
        ),
        "ListProductAssociations": ListProductAssociationsResponse(
            product_associations=[association]
        ),
        "ListOrderEvents": ListOrderEventsResponse(order_events=[event]),
        "ListMessages": ListMessagesResponse(messages=[message], unread=1),
        "ListDeadLetters": ListDeadLettersResponse(dead_letters=[a_dead_letter()]),
        **stock.answers(),
    }
