"""What a statement reads, as PostgreSQL plans it: also what row-level security asks."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from shared.sql import run


def tables_read(tx: Session, statement: str, parameters: Mapping[str, Any]) -> set[str]:
    """Return the names of the tables `statement` reads for whoever the transaction is for."""
    ((plan,),) = run(tx, f"explain (format json) {statement}", parameters)
    return set(_relations(plan))


def _relations(plan: Any) -> Iterator[str]:
    if isinstance(plan, Mapping) and "Relation Name" in plan:
        yield plan["Relation Name"]
    parts = plan.values() if isinstance(plan, Mapping) else plan if isinstance(plan, list) else ()
    for part in parts:
        yield from _relations(part)
