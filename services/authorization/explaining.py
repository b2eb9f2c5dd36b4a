"""Why somebody may order products or not: what `check_purchase` says, of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.authorization.commands.purchases import Checked, check_purchase
from services.authorization.domain.errors import AccountNotFound, EnterpriseNotFound
from services.authorization.domain.purpose import Purpose
from services.authorization.store.explaining import Helpers, helpers
from shared.caller import Caller
from shared.names import parse


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found out, and who could change it."""

    checked: Checked
    helpers: Helpers


def explain_permission(
    tx: Session,
    *,
    parent: str,
    account: str,
    products: Sequence[str],
    purpose: Purpose | None,
    quantities: Sequence[int],
    caller: Caller,
) -> Explained:
    """Say of an account in an enterprise what CheckPurchase says of the caller, keeping nothing.

    Only staff ask about others: to anybody else those are not there (EnterpriseNotFound,
    AccountNotFound).
    """
    (enterprise,) = parse("enterprises/*", parent)
    if not caller.may_see(enterprise):
        raise EnterpriseNotFound(enterprise=parent)
    if account not in ("", caller.account) and not caller.is_staff:
        raise AccountNotFound(account=account)
    whoever = replace(caller, account=account or caller.account, enterprise=enterprise)
    checked = check_purchase(
        tx, products=products, purpose=purpose, quantities=quantities, caller=whoever
    )
    return Explained(checked, helpers(tx, enterprise))
