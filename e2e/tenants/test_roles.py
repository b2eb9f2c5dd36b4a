"""Every RPC with everybody there is: who may not call it is turned away, and the proto says so."""

import re

import pytest

from deploy.local.people import Person
from deploy.local.people.customer import Accountant
from e2e.tenants.filling import required
from e2e.tenants.rpcs import contract, rpcs
from shared.caller import ANY_ROLE, STAFF_ROLES, Role
from shared.rpc import ANYBODY, SIGNED_IN, Allow

ALL = "everybody (who|may)|anybody (who|may)"
WORDS = {
    "customers": f"{ALL}|customer|administrator|R&D|buyer|people|enterprise finance|partner",
    "staff": f"{ALL}|staff|manager|(?<!enterprise )finance|production|certifier",
}
"""Who a comment speaks of, by the words it uses."""

OF_BOTH_SIDES = {
    "authorization.DissociateProduct",
    "ordering.AttachFile",
    "ordering.RemoveAttachment",
}
"""Commands that customers give, and the vendor's people too."""


@pytest.fixture(scope="module")
def people(tenants, one_stage):
    """Return one caller a role: a token, and what it may do."""
    tenant, vendor = tenants[0], one_stage.vendor
    accountant = _new(tenant, Accountant, "accountant")
    tenant.enterprise.administrator.invites(accountant)
    own = tenant.enterprise
    return {
        "nobody": ("", frozenset()),
        "without a space": (_new(tenant, Person, "visitor").token, frozenset()),
        "administrator": (own.administrator.token, {Role.ADMINISTRATOR}),
        "R&D": (own.rnd.token, {Role.RND}),
        "buyer": (own.buyer.token, {Role.BUYER}),
        "enterprise finance": (accountant.token, {Role.ENTERPRISE_FINANCE}),
        "partner system": (tenant.partner.signs_in(), {Role.PARTNER}),
        "business manager": (vendor.business_manager.token, {Role.BUSINESS_MANAGER}),
        "project manager": (vendor.project_manager.token, {Role.PROJECT_MANAGER}),
        "finance": (vendor.finance.token, {Role.FINANCE}),
        "production": (vendor.factory.token, {Role.PRODUCTION}),
        "certifier": (vendor.certifier.token, {Role.CERTIFIER}),
    }


def test_who_may_not_call_an_rpc_is_turned_away_and_who_may_is_not(people, speaks):
    wrong, turned_away = [], 0
    for rpc in rpcs():
        for who, (token, roles) in people.items():
            expected = refusal(rpc, who, roles)
            # Who may call it does only where nothing comes of it: a field is missing, or it reads.
            if not expected and not (rpc.harmless or required(rpc.method.input_type)):
                continue
            reason = speaks.rpc(rpc, {}, token).reason
            observed = reason if reason in ("NOT_SIGNED_IN", "NOT_YOUR_ROLE") else ""
            turned_away += bool(expected)
            if observed != expected:
                wrong.append(f"{rpc} as {who}: {observed or 'let in'}, not {expected or 'let in'}")
    assert not wrong, "\n".join(wrong)
    assert turned_away > 500


def refusal(rpc, who, roles):
    """Say how somebody is turned away; nothing if they are not."""
    if rpc.allow is ANYBODY:
        return ""
    if who == "nobody":
        return "NOT_SIGNED_IN"
    return "" if rpc.allow is SIGNED_IN or rpc.allow & roles else "NOT_YOUR_ROLE"


def test_an_rpc_is_open_to_whom_its_comment_names():
    wrong = []
    for rpc in rpcs():
        comment = contract().comment(rpc.method.full_name)
        (sentence, *_) = re.findall(r"[^.]*\bmay (?:call|read|list)[^.]*", comment) or [""]
        named = {who for who, words in WORDS.items() if re.search(words, sentence, re.I)}
        if sentence and rpc.rules and not named >= open_to(rpc):
            wrong.append(f"{rpc} is for {open_to(rpc)}, and its comment for {named}: {sentence}")
    assert not wrong, "\n".join(wrong)


def test_the_vendors_work_is_no_customers_and_theirs_is_not_the_vendors():
    commands = [rpc for rpc in rpcs() if not rpc.harmless and not isinstance(rpc.allow, Allow)]
    assert {str(rpc) for rpc in commands if len(open_to(rpc)) > 1} == OF_BOTH_SIDES


def open_to(rpc):
    """Return who may call it, in the words of WORDS."""
    if isinstance(rpc.allow, Allow):
        return set(WORDS)
    sides = {"staff": rpc.allow & STAFF_ROLES, "customers": rpc.allow - STAFF_ROLES}
    return {side for side, roles in sides.items() if roles & (ANY_ROLE | {Role.PARTNER})}


def _new(tenant, kind, name):
    email = f"{name}@{tenant.space.rpartition('/')[2]}.example"
    return kind(tenant.api, email=email, password="a long enough one", name=name).registers()
