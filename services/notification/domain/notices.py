"""Who is told what about which event: one table (R7, R65, D6).

A sentence may name the event's own fields, `order_no` and `enterprise_legal_name`. What production
is told names no prices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Audience(Enum):
    """Those a notice is for."""

    BUYER = "who ordered"
    BUSINESS_MANAGER = "the order's business manager"
    PROJECT_MANAGER = "the order's project manager"
    FINANCE = "the vendor's finance"
    PRODUCTION = "the vendor's production"
    CERTIFIER = "the vendor's certifiers"
    ADMINISTRATORS = "the enterprise's administrators"
    OWNERS = "the administrators of the product's owner"
    ACCOUNT = "the account the event is about"
    ASKED = "whoever the event says was asked"


BUYER, BM, PM = Audience.BUYER, Audience.BUSINESS_MANAGER, Audience.PROJECT_MANAGER
FINANCE, PRODUCTION, CERTIFIER = Audience.FINANCE, Audience.PRODUCTION, Audience.CERTIFIER
ADMINISTRATORS, OWNERS, ACCOUNT = Audience.ADMINISTRATORS, Audience.OWNERS, Audience.ACCOUNT
ASKED = Audience.ASKED

OF_ORDER = frozenset({BUYER, BM, PM})
"""Those whom the order itself names."""


@dataclass(frozen=True)
class Notice:
    """What some are told about an event."""

    event: str
    to: frozenset[Audience]
    subject: str
    text: str
    """What to do about it; empty if nothing."""

    of_addendum: str = ""
    """The subject where it is about an addendum to a contract, and not about the contract."""

    text_of: Mapping[str, str] = field(default_factory=dict)
    """The text of orders for a purpose, or of a family, where it is another one."""


def _notice(
    event: str,
    to: Audience | set[Audience],
    subject: str,
    text: str = "",
    *,
    of_addendum: str = "",
    text_of: Mapping[str, str] | None = None,
) -> Notice:
    told = frozenset(to if isinstance(to, set) else {to})
    return Notice(event, told, subject, text, of_addendum, text_of or {})


AT_LIST_PRICE = "It is sold at list price: you need not confirm anything."
NO_SOFTWARE = "You need not confirm anything for it."

NOT_YOU = "If that was not you, choose a new password at once and tell the vendor."
NOT_YOU_ZH = "如非本人操作，请立即重设密码并联系供应商。"
"""What is told of an account is told in both languages, as mails with codes are."""

NOTICES = (
    _notice(
        "ordering.purchase.asked",
        ASKED,
        "{asker_display_name} of {enterprise_legal_name} asks about product {pid}",
        "{sentence} {note}",
    ),
    _notice(
        "ordering.suggestion.made",
        ASKED,
        "{author_display_name} of {enterprise_legal_name} suggests something",
        "{subject} {text}",
    ),
    _notice(
        "ordering.suggestion.answered",
        ACCOUNT,
        "{answered_by_display_name} answered your suggestion",
        "{answer}",
    ),
    _notice(
        "ordering.order.submitted",
        BM,
        "Order {order_no} of {enterprise_legal_name} came in",
        "Confirm its price, quantity and module.",
        text_of={"DEBUGGING": AT_LIST_PRICE, "RND_SAMPLE": AT_LIST_PRICE},
    ),
    _notice(
        "ordering.order.submitted",
        PM,
        "Order {order_no} of {enterprise_legal_name} came in",
        "Confirm its software version.",
        text_of=dict.fromkeys(("DEBUGGING", "RND_SAMPLE", "LICENSE"), NO_SOFTWARE),
    ),
    _notice("ordering.order.price_confirmed", BUYER, "Order {order_no}: price confirmed"),
    _notice("ordering.order.software_confirmed", BUYER, "Order {order_no}: software confirmed"),
    _notice(
        "ordering.order.confirmed",
        BUYER,
        "Order {order_no} is confirmed",
        "The order's page says what comes next: a contract to sign, or what is due.",
    ),
    _notice("ordering.order.amended", {BUYER, PM}, "Order {order_no} was changed", "{reason}"),
    _notice("ordering.order.revised", {BUYER, BM, PM}, "Order {order_no} was changed", "{reason}"),
    _notice(
        "ordering.order.amendment_proposed",
        {BUYER, BM, PM},
        "A change of order {order_no} is proposed",
        "{reason} Open the order to see what it means, and who has to agree.",
    ),
    _notice(
        "ordering.order.amendment_declined",
        {BUYER, BM, PM},
        "Order {order_no} stays as it was",
        "{reason}",
    ),
    _notice(
        "ordering.order.cancellation_requested",
        BM,
        "The buyer asks to end order {order_no}",
        "{reason} Decide about it.",
    ),
    _notice(
        "ordering.order.cancellation_withdrawn", BM, "The buyer keeps order {order_no} after all"
    ),
    _notice(
        "ordering.order.cancellation_declined",
        {BUYER, BM},
        "Order {order_no} goes on",
        "{reason}",
    ),
    _notice(
        "ordering.order.file_attached",
        ASKED,
        "Order {order_no}: a file was attached, {file_name}",
        "Read it on the order's page.",
    ),
    _notice(
        "ordering.order.file_removed",
        ASKED,
        "Order {order_no}: a file was removed, {file_name}",
        "It does not belong to the order any more.",
    ),
    _notice("ordering.order.rejected", BUYER, "Order {order_no} was rejected", "{reason}"),
    _notice("ordering.order.replaced", BUYER, "Order {order_no} was replaced by another order"),
    _notice("ordering.order.cancelled", BUYER, "Order {order_no} was cancelled", "{reason}"),
    _notice("ordering.order.expired", BUYER, "Order {order_no} expired", "Order again if needed."),
    _notice("ordering.order.held", BUYER, "Order {order_no} is on hold", "{reason}"),
    _notice("ordering.order.released", BUYER, "Order {order_no} goes on", "{reason}"),
    _notice(
        "ordering.order.cleared_for_production",
        PRODUCTION,
        "Order {order_no} may be produced",
        "Start production.",
    ),
    _notice(
        "ordering.order.cleared_for_production", BUYER, "Order {order_no} may go into production"
    ),
    _notice(
        "ordering.order.cleared_for_licensing",
        PRODUCTION,
        "Order {order_no}: its licences are paid",
        "Issue the codes.",
    ),
    _notice(
        "ordering.order.cleared_for_shipping",
        PRODUCTION,
        "Order {order_no} may be shipped",
        "Ship what is finished.",
    ),
    _notice(
        "ordering.order.shipping_stopped",
        PRODUCTION,
        "Order {order_no} goes to another address",
        "Ship nothing until it may be shipped again; what is packed gets the new address.",
    ),
    _notice("ordering.order.completed", {BUYER, BM}, "Order {order_no} is completed"),
    _notice(
        "contract.contract.generated",
        BUYER,
        "Order {order_no}: contract {contract_no} is ready",
        "Read it and sign it.",
        of_addendum="Order {order_no}: the addendum to contract {contract_no} is ready",
    ),
    _notice(
        "contract.contract.buyer_signed",
        BM,
        "Order {order_no}: the buyer signed contract {contract_no}",
        "Countersign it.",
        of_addendum="Order {order_no}: the buyer signed the addendum to contract {contract_no}",
    ),
    _notice(
        "contract.contract.returned",
        BUYER,
        "Order {order_no}: your signature under contract {contract_no} was returned",
        "{reason}",
        of_addendum="Order {order_no}: your signature under the addendum to contract "
        "{contract_no} was returned",
    ),
    _notice(
        "contract.contract.signed",
        BUYER,
        "Order {order_no}: both sides signed contract {contract_no}",
        "The deposit is {deposit} of {total} in all; the order's page says what is open.",
        of_addendum="Order {order_no}: both sides signed the addendum to contract {contract_no}",
    ),
    _notice(
        "contract.contract.amended",
        {BUYER, BM},
        "Order {order_no}: contract {contract_no} changes; the new version is to be signed",
        "{changes}",
        of_addendum="Order {order_no}: contract {contract_no} gets an addendum, to be signed",
    ),
    _notice(
        "contract.contract.addendum_voided",
        {BUYER, BM},
        "Order {order_no}: the addendum to contract {contract_no} was called off",
        "{reason}",
    ),
    _notice(
        "payment.payment.instructed",
        FINANCE,
        "Order {order_no}: {amount} is on its way",
        "Book it when it arrives; the reference is {reference}.",
    ),
    _notice(
        "payment.payment.unallocated",
        FINANCE,
        "{amount} was received for order {order_no} that is not due",
        "It is kept in suspense: send it back.",
    ),
    _notice(
        "payment.refund.requested",
        {FINANCE, BUYER},
        "{amount} of order {order_no} goes back to the buyer",
        "",
    ),
    _notice("payment.refund.issued", BUYER, "Order {order_no}: {amount} was sent back to you"),
    _notice(
        "payment.receivable.opened",
        BUYER,
        "Order {order_no} ended, and {amount} is still owed for that",
        "Transfer them to the account in the contract, with the reference {reference}.",
    ),
    _notice(
        "payment.receivable.opened",
        BM,
        "Order {order_no} ended, and its buyer owes {amount}",
        "The buyer was told where to transfer them; finance books them, or waives them.",
    ),
    _notice(
        "payment.receivable.opened",
        FINANCE,
        "Order {order_no} ended, and its buyer owes {amount}",
        "Book them when they arrive; the reference is {reference}.",
    ),
    _notice("payment.receivable.paid", BM, "Order {order_no}: what was owed for ending it is paid"),
    _notice(
        "payment.receivable.waived",
        {BUYER, BM},
        "Order {order_no}: {amount} is not asked for any more",
        "{reason}",
    ),
    _notice("payment.payment.settled", BUYER, "Order {order_no}: {amount} arrived"),
    _notice(
        "payment.payment.voided", {BUYER, FINANCE}, "Order {order_no}: a payment was called off"
    ),
    _notice(
        "payment.invoice.requested",
        FINANCE,
        "Order {order_no}: an invoice was asked for",
        "Issue it.",
    ),
    _notice("payment.invoice.issued", BUYER, "Order {order_no}: invoice {invoice_no} was issued"),
    _notice(
        "payment.invoice.reversal_requested",
        FINANCE,
        "Order {order_no}: invoice {invoice_no} is to be reversed",
        "The order ended or was changed since. It is over {amount}: reverse it by a credit note.",
    ),
    _notice(
        "payment.invoice.reversal_requested",
        BUYER,
        "Order {order_no}: invoice {invoice_no} will be reversed",
        "The order ended or was changed since. Do not book it; finance sends you a credit note.",
    ),
    _notice(
        "payment.invoice.reversed",
        BUYER,
        "Order {order_no}: invoice {invoice_no} was reversed by credit note {reversal_no}",
        "{reason}",
    ),
    _notice("fulfillment.production.started", BUYER, "Order {order_no}: production started"),
    _notice(
        "fulfillment.batch.stopped",
        {PM, PRODUCTION},
        "Order {order_no}: batch {production_batch_no} was stopped",
        "{reason}",
    ),
    _notice(
        "fulfillment.batch.resumed",
        {PM, PRODUCTION},
        "Order {order_no}: batch {production_batch_no} goes on",
    ),
    _notice(
        "fulfillment.batch.withdrawn",
        {PM, PRODUCTION},
        "Order {order_no}: batch {production_batch_no} was withdrawn",
        "{reason}",
    ),
    _notice(
        "fulfillment.batch.completed",
        BUYER,
        "Order {order_no}: batch {production_batch_no} is finished",
    ),
    _notice(
        "fulfillment.shipment.dispatched",
        BUYER,
        "Order {order_no}: shipment {shipment_no} is on its way",
        "{carrier} {tracking_no}",
    ),
    _notice(
        "fulfillment.shipment.received", BUYER, "Order {order_no}: shipment {shipment_no} arrived"
    ),
    _notice(
        "fulfillment.licenses.issued",
        BUYER,
        "Order {order_no}: licence codes are ready ({license_issue_no})",
        "Open them on the order's page; they are shown once.",
    ),
    _notice(
        "fulfillment.licenses.opened",
        {BUYER, BM},
        "Order {order_no}: licence codes were opened ({license_issue_no})",
        "If nobody of the buyer's was meant to do that, tell each other at once.",
    ),
    _notice(
        "fulfillment.licenses.released",
        BUYER,
        "Order {order_no}: licence codes can be opened once more ({license_issue_no})",
        "{reason}",
    ),
    _notice(
        "authorization.certification.requested",
        CERTIFIER,
        "{legal_name} asked for certification",
        "Approve or reject it.",
    ),
    _notice(
        "authorization.certification.rejected",
        ADMINISTRATORS,
        "Your certification was rejected",
        "{reason}",
    ),
    _notice(
        "authorization.enterprise.certified",
        ADMINISTRATORS,
        "{legal_name} is certified",
        "You can order now.",
    ),
    _notice(
        "authorization.authorization.granted",
        ACCOUNT,
        "You may order for another enterprise",
        "Switch to its space to see what is open to you.",
    ),
    _notice(
        "authorization.authorization.changed",
        ACCOUNT,
        "What you may order for another enterprise changed",
        "Switch to its space to see what is open to you.",
    ),
    _notice(
        "authorization.authorization.revoked",
        ACCOUNT,
        "You may not order for an enterprise any more",
        "Open orders stay. Ask its administrator if you still need it.",
    ),
    _notice(
        "authorization.authorization.expired",
        {ACCOUNT, ADMINISTRATORS},
        "An authorization to order is over",
        "Open orders stay. The enterprise's administrator can grant a new one.",
    ),
    _notice(
        "authorization.enterprise.certification_ending",
        ADMINISTRATORS,
        "The certification of {legal_name} ends soon",
        "Ask for it anew on the page of your enterprise, so that you can go on ordering.",
    ),
    _notice(
        "authorization.enterprise.certification_ended",
        ADMINISTRATORS,
        "The certification of {legal_name} is over",
        "Nothing new can be ordered until you ask for it anew and a certifier approves it.",
    ),
    _notice(
        "authorization.association.proposed",
        OWNERS,
        "{manufacturer_legal_name} asks to order one of your products",
        "Accept or decline it among your associations.",
    ),
    _notice(
        "authorization.association.declined",
        ADMINISTRATORS,
        "An association you proposed was declined",
        "Ask the brand owner about it, or your project manager.",
    ),
    _notice(
        "authorization.product.associated",
        ADMINISTRATORS,
        "A product of {owner_legal_name} is open to you",
        "Authorize buyers for it.",
    ),
    _notice(
        "authorization.product.associated",
        OWNERS,
        "One of your products was opened to a manufacturer",
        "You see its orders, and can end this among your associations.",
    ),
    _notice(
        "authorization.product.dissociated",
        {ADMINISTRATORS, OWNERS},
        "A product is not open to its manufacturer any more",
        "Open orders stay.",
    ),
    _notice(
        "authorization.account.password_changed",
        ACCOUNT,
        "Your password was changed · 您的密码已修改",
        f"You are signed out everywhere else. {NOT_YOU} 其他设备已退出登录。{NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.account.address_verified",
        ACCOUNT,
        "Your e-mail address is verified · 您的邮箱已验证",
        "Codes and messages come to this address. 验证码和消息将发送到此邮箱。",
    ),
    _notice(
        "authorization.account.phone_changed",
        ACCOUNT,
        "Your telephone number was changed · 您的电话号码已修改",
        f"{NOT_YOU} {NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.account.two_step_begun",
        ACCOUNT,
        "Two-step sign-in is on · 两步登录已开启",
        f"A code is asked for after your password. {NOT_YOU} 登录时将要求验证码。{NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.account.two_step_ended",
        ACCOUNT,
        "Two-step sign-in is off · 两步登录已关闭",
        f"Your password is enough to sign in. {NOT_YOU} 现在仅凭密码即可登录。{NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.account.recovery_codes_renewed",
        ACCOUNT,
        "You have new recovery codes · 您的恢复码已更换",
        f"The ones before count no more. {NOT_YOU} 之前的恢复码已失效。{NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.account.provider_linked",
        ACCOUNT,
        "You can sign in with {provider} · 您可以通过 {provider} 登录",
        f"It says from now on that it is you. {NOT_YOU} 今后由其证明您的身份。{NOT_YOU_ZH}",
    ),
    _notice(
        "authorization.project.assigned",
        ACCOUNT,
        "Project {display_name} of {enterprise_legal_name} is in your hands",
        "New orders of its products come to you: confirm their software.",
    ),
    _notice(
        "authorization.project.closed",
        ACCOUNT,
        "Project {display_name} of {enterprise_legal_name} is closed",
        "Orders you have stay with you; new ones go to the customer's project manager.",
    ),
    _notice(
        "authorization.deputyship.planned",
        ACCOUNT,
        "You will do the work of {absent_display_name} while they are absent",
        "You will be told when it begins; either of you can call it off.",
    ),
    _notice(
        "authorization.deputyship.begun",
        ACCOUNT,
        "You do the work of {absent_display_name} from now on",
        "What is in their hands is among your work.",
    ),
    _notice(
        "authorization.deputyship.ended",
        ACCOUNT,
        "{absent_display_name} is back",
        "What is in their hands is theirs again.",
    ),
)

QUIET = {
    "ordering.order.contract_signed": "contract.contract.signed says it",
    "ordering.order.deposit_paid": "payment.payment.settled says it",
    "ordering.order.advanced": "what fulfillment tells says it",
    "contract.contract.voided": "the end of the order says it",
    "fulfillment.batch.started": "fulfillment.production.started says it",
}
"""Events of orders that nobody is told of, because another one says the same."""


def notices_of(event: str) -> Sequence[Notice]:
    """Return what is told about `event`."""
    return _BY_EVENT.get(event, ())


_BY_EVENT = {
    event: tuple(each for each in NOTICES if each.event == event)
    for event in {each.event for each in NOTICES}
}
