"""Commands by the wrong people, on what changed meanwhile, and sent twice."""

from uuid import uuid4

import pytest

from deploy.local.people import Refused
from deploy.local.people.forms import order_form
from e2e.bad_input.problems import what_is_wrong
from e2e.bad_input.resting import at_rest
from e2e.bad_input.routes import Route
from e2e.stage import MODULE_ID

DIGEST = "sha256:" + "0" * 64
MONEY = {"currencyCode": "CNY", "units": "1"}
DAY = {"year": 2026, "month": 1, "day": 31}
REASON = {"reason": "It is wrong."}
BATCH = {"productionBatchNo": "NB-1"}
CHANGE = {"changes": [{"lineNo": 1, "quantity": 10}]}
SIGNED = {"documentDigest": DIGEST, "signerName": "Somebody", "consentText": "I agree."}

ORDER, WORK = (
    "enterprises/{enterprise}/orders/{order}",
    "enterprises/{enterprise}/workOrders/{workOrder}",
)
PLAN, PRODUCT = (
    "enterprises/{enterprise}/paymentPlans/{paymentPlan}",
    "enterprises/{enterprise}/products/{product}",
)
ISSUE = "enterprises/{enterprise}/licenseIssues/{licenseIssue}"
CONTRACT = "enterprises/{enterprise}/contracts/{contract}"
BUYERS = {"Buyer", "Rnd"}
REVIEWERS = {"BusinessManager", "ProjectManager"}
MANAGERS = REVIEWERS | {"Finance"}
MODULE = f"modules/{MODULE_ID}"

COMMANDS = {
    f"{ORDER}:submit": (BUYERS, {}),
    f"{ORDER}:addLine": (BUYERS, {"line": {"product": "enterprises/a/products/b", "quantity": 10}}),
    f"{ORDER}:changeLine": (BUYERS, {"lineNo": 1, "quantity": 10}),
    f"{ORDER}:changeLineServices": (BUYERS, {"lineNo": 1}),
    f"{ORDER}:removeLine": (BUYERS, {"lineNo": 1}),
    f"{ORDER}:replace": (BUYERS, {}),
    f"{ORDER}:cancel": (BUYERS, REASON),
    f"{ORDER}:confirmPrice": ({"BusinessManager"}, {}),
    f"{ORDER}:confirmSoftware": ({"ProjectManager"}, {}),
    f"{ORDER}:reject": ({"BusinessManager", "ProjectManager"}, REASON),
    f"{ORDER}:hold": (MANAGERS, REASON),
    f"{ORDER}:importLines": (BUYERS, {"content": "cGlkLHF1YW50aXR5CmEsMTAK"}),
    f"{ORDER}:amend": (BUYERS, CHANGE | REASON),
    f"{ORDER}:proposeAmendment": ({"BusinessManager", "ProjectManager"}, CHANGE | REASON),
    f"{ORDER}:acceptAmendment": (BUYERS, {}),
    f"{ORDER}:declineAmendment": (BUYERS, REASON),
    f"{ORDER}:confirmAmendment": ({"BusinessManager", "ProjectManager"}, {}),
    f"{ORDER}:rejectAmendment": ({"BusinessManager", "ProjectManager"}, REASON),
    f"{ORDER}:requestCancellation": (BUYERS, REASON),
    f"{ORDER}:withdrawCancellation": (BUYERS, {}),
    f"{ORDER}:acceptCancellation": ({"BusinessManager"}, {}),
    f"{ORDER}:declineCancellation": ({"BusinessManager"}, REASON),
    f"{ORDER}:release": (MANAGERS, REASON),
    f"{ORDER}:attachFile": (BUYERS | REVIEWERS, {"fileName": "note.txt", "content": "SGVsbG8K"}),
    f"{ORDER}:removeAttachment": (BUYERS | REVIEWERS, {"digest": DIGEST}),
    f"{ORDER}:saveForm": (BUYERS, {"form": {"poNo": "PO-7"}}),
    "enterprises/{enterprise}/suggestions/{suggestion}:answer": (
        {"BusinessManager"},
        {"answer": "We will."},
    ),
    "enterprises/{enterprise}/addressBookEntries/{addressBookEntry}:delete": (
        BUYERS | {"Administrator"},
        {},
    ),
    "enterprises/{enterprise}/invoiceProfiles/{invoiceProfile}:delete": (
        BUYERS | {"Administrator"},
        {},
    ),
    f"{CONTRACT}:sign": ({"Buyer", "Administrator"}, SIGNED),
    f"{CONTRACT}:uploadSigned": (
        {"Buyer", "Administrator"},
        {"content": "JVBERi0xLjcK", "signerName": "T. Tester"},
    ),
    f"{CONTRACT}:return": ({"BusinessManager"}, REASON),
    f"{CONTRACT}:countersign": (
        {"BusinessManager"},
        {k: v for k, v in SIGNED.items() if k != "consentText"},
    ),
    f"{PLAN}:instructPayment": ({"Buyer"}, {"method": "OFFLINE_TRANSFER"}),
    f"{PLAN}:bookTransfer": (
        {"Finance"},
        {"amount": MONEY, "bankReference": "BK-7", "valueDate": DAY},
    ),
    "enterprises/{enterprise}/payments/{payment}:void": ({"Buyer"}, {}),
    "enterprises/{enterprise}/refunds/{refund}:issue": (
        {"Finance"},
        {"bankReference": "R-7", "valueDate": DAY},
    ),
    "enterprises/{enterprise}/receivables/{receivable}:waive": ({"Finance"}, REASON),
    "enterprises/{enterprise}/invoices/{invoice}:issue": ({"Finance"}, {"invoiceNo": "IV-7"}),
    "enterprises/{enterprise}/invoices/{invoice}:reverse": (
        {"Finance"},
        {"reversalNo": "CN-7", **REASON},
    ),
    f"{WORK}:startProduction": ({"Factory"}, {}),
    f"{WORK}:startBatch": ({"Factory"}, BATCH),
    f"{WORK}:completeBatch": ({"Factory"}, BATCH),
    f"{WORK}:withdrawBatch": ({"Factory"}, BATCH | REASON),
    f"{WORK}:resumeBatch": ({"ProjectManager"}, BATCH | REASON),
    "enterprises/{enterprise}/shipments/{shipment}:confirmReceipt": (BUYERS, {}),
    f"{ISSUE}:issueLicenses": ({"Factory"}, {"generate": 5}),
    f"{ISSUE}:openLicenses": (BUYERS, {}),
    f"{ISSUE}:releaseLicenses": ({"Factory", "BusinessManager"}, REASON),
    f"{PRODUCT}:configure": (
        {"Rnd", "Administrator"},
        {"build": {"module": MODULE, "firmware": f"{MODULE}/firmware/x"}},
    ),
    f"{PRODUCT}:label": ({"Rnd", "Administrator"}, {"model": "T-1"}),
    f"{PRODUCT}:completeDevelopment": ({"Administrator"}, {}),
    f"{PRODUCT}:release": ({"Administrator"}, {}),
    f"{PRODUCT}:return": ({"Administrator"}, REASON),
    "enterprises/{enterprise}/certifications/{certification}:approve": ({"Certifier"}, {}),
    "enterprises/{enterprise}/certifications/{certification}:reject": ({"Certifier"}, REASON),
    "enterprises/{enterprise}/authorizations/{authorization}:revoke": ({"Administrator"}, {}),
    "enterprises/{enterprise}/partnerClients/{partnerClient}:revoke": ({"Administrator"}, {}),
    "enterprises/{enterprise}/partnerClients/{partnerClient}:rotate": ({"Administrator"}, {}),
    "enterprises/{enterprise}/memberships/{membership}:remove": ({"Administrator"}, {}),
    "enterprises/{enterprise}:assignPeople": (
        {"Certifier", "BusinessManager", "ProjectManager"},
        {"businessManager": "accounts/a"},
    ),
    "enterprises/{enterprise}/productAssociations/{productAssociation}:accept": (
        {"Administrator"},
        {},
    ),
    "enterprises/{enterprise}/productAssociations/{productAssociation}:decline": (
        {"Administrator"},
        {},
    ),
    "enterprises/{enterprise}/productAssociations/{productAssociation}:dissociate": (
        {"ProjectManager", "Administrator"},
        {},
    ),
    "modules/{module}:retire": ({"ProjectManager"}, {}),
    "licenseTypes/{licenseType}:retire": ({"ProjectManager"}, {}),
    "valueAddedServices/{valueAddedService}:retire": ({"ProjectManager"}, {}),
    "priceLists/{priceList}:setPrices": (
        {"BusinessManager"},
        {"entries": [{"item": MODULE}]},
    ),
    "enterprises/{enterprise}/projects/{project}:close": (
        {"Certifier", "BusinessManager", "ProjectManager"},
        {},
    ),
    "priceLists/{priceList}:retire": ({"BusinessManager"}, {}),
    "enterprises/{enterprise}/customerTerms:set": ({"BusinessManager"}, {"currency": "CNY"}),
    "modules/{module}/firmware/{firmware}:release": ({"ProjectManager"}, {}),
    "modules/{module}/firmware/{firmware}:retire": ({"ProjectManager"}, {}),
}
"""Every command on something that is there, who may give it, and what it says."""


def route_of(path):
    return Route("POST", f"/v1/{path}", False, True, {}, (), {})


@pytest.mark.usefixtures("nothing_stored")
def test_every_command_on_something_that_is_there_is_in_the_table(every_route):
    known = {f"/v1/{path}" for path in COMMANDS}
    commands = {route.path for route in every_route if ":" in route.path and route.verb == "POST"}
    others = {
        *(
            f"/v1/accounts:{what}"
            for what in ("register", "verifyAddress", "requestPasswordReset", "resetPassword")
        ),
        *(
            f"/v1/accounts/me:{what}"
            for what in (
                "changePassword",
                "requestVerification",
                "enrollTwoStep",
                "confirmTwoStep",
                "renewRecoveryCodes",
                "disableTwoStep",
            )
        ),
        *(f"/v1/accounts/{{account}}/sessions/{{session}}:{what}" for what in ("end", "endOthers")),
        *(f"/v1/sessions:{what}" for what in ("signIn", "finishSignIn", "exchange", "signOut")),
        "/v1/partnerClients:exchange",
        "/v1/accounts/{account}/messages/{message}:read",
        "/v1/accounts/{account}/messages:read",
        f"/v1/{PLAN}:requestInvoice",
        f"/v1/{PRODUCT}:askForPurchase",
        f"/v1/{ORDER}:listDuplicates",
        f"/v1/{ORDER}:reorder",
        "/v1/enterprises/{enterprise}/products:import",
        "/v1/enterprises/{enterprise}/productAssociations:propose",
        "/v1/enterprises/{enterprise}/certifications/{certification}:attach",
        "/v1/accounts/{account}/deputyships/{deputyship}:end",
        "/v1/passports:verify",
        f"/v1/{WORK}:recordUnits",
        f"/v1/{WORK}:attachTestData",
    }  # they take no etag: nothing that was read is decided upon
    assert commands - known == others


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("path", COMMANDS)
def test_the_wrong_role_is_turned_away(target, path):
    allowed, body = COMMANDS[path]
    for who in [*target.own, *target.staff]:
        if type(who).__name__ not in allowed:
            answer = target.knocks(route_of(path), who, body=body)
            assert not what_is_wrong(answer, 403), f"{type(who).__name__}: {answer.text}"


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("path", COMMANDS)
def test_who_saw_an_older_version_is_told_to_read_again(target, path):
    allowed, body = COMMANDS[path]
    who = next(w for w in [*target.own, *target.staff] if type(w).__name__ in allowed)
    answer = target.knocks(route_of(path), who, body=body, **{"if-match": '"4711"'})
    assert not what_is_wrong(answer, 409), answer.text
    assert "changed since you read" in answer.json()["detail"]


def test_a_repeated_request_gets_the_first_answer_and_another_one_is_refused(target):
    buyer, key = target.enterprise.buyer, str(uuid4())
    product = target.journey.buyer.order(target.draft)["lines"][0]["product"]
    path = f"{target.enterprise.name}/orders"
    body = {"purpose": "MASS_PRODUCTION", "lines": [{"product": product, "quantity": 10}]}

    first = buyer.post(path, body, key=key)
    before = at_rest(target)
    assert [buyer.post(path, body, key=key) for _ in range(3)] == [first] * 3
    with pytest.raises(Refused, match="409") as refused:
        buyer.post(path, {**body, "purpose": "TRIAL_PRODUCTION"}, key=key)
    assert not what_is_wrong(refused.value.answer, 409)
    assert target.everything() == before

    order, key = first["name"], str(uuid4())
    form = {"form": order_form(po_no="PO-R")}
    submitted = buyer.post(f"{order}:submit", form, key=key)
    buyer.sees(lambda: target.vendor.business_manager.order(order)["state"] == "INTENTION")
    assert buyer.post(f"{order}:submit", form, key=key) == submitted
    with pytest.raises(Refused, match="409"):
        buyer.post(f"{order}:submit", {"form": order_form(po_no="PO-S")}, key=key)
    # Somebody else's key is their own.
    draft = target.enterprise.rnd.api.ask
    with pytest.raises(Refused, match="403"):
        draft("POST", path, token=target.vendor.finance.token, key=key, body=body)


def test_a_dry_run_says_what_would_happen_and_stores_nothing(target):
    buyer, before = target.enterprise.buyer, at_rest(target)
    form = {"form": order_form(po_no="PO-DRY"), "validateOnly": True}
    assert buyer.post(f"{target.draft}:submit", form)["state"] == "INTENTION"
    with pytest.raises(Refused, match="400 FORM_INCOMPLETE"):
        buyer.post(f"{target.draft}:submit", {"form": {"poNo": "1"}, "validateOnly": True})
    assert target.everything() == before
