"""Who runs an enterprise's space, and whether its certification is being decided: one statement."""

from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who could change what keeps somebody from ordering."""

    administrators: list[str]
    """What they are called."""

    certification_pending: bool


def helpers(tx: Session, enterprise: str) -> Helpers:
    """Return who helps the people of `enterprise`, as `acme`."""
    row = tx.connection().exec_driver_sql(_STATEMENT, {"enterprise": enterprise}).one()
    return Helpers(row.administrators, row.pending)


_STATEMENT = """
    select
        array(
            select m.display_name from memberships m
            where m.enterprise = %(enterprise)s and 'administrator' = any(m.roles) order by m.id
        ) as administrators,
        exists(
            select from certifications c
            where c.enterprise = %(enterprise)s and c.state = 'pending'
        ) as pending
"""
