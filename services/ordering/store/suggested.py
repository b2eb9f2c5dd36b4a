"""The suggestions of enterprises."""

from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.suggestion import (
    MOST_OPEN,
    State,
    Suggestion,
    SuggestionNotFound,
    TooManySuggestions,
)
from services.ordering.store.tables import mapper
from shared.names import parse
from shared.storage import aggregate_columns

SUGGESTION = "enterprises/*/suggestions/*"
TEXTS = (
    *("text", "order", "product", "subject", "author", "author_display_name"),
    *("enterprise_legal_name", "business_manager", "business_manager_display_name"),
    *("answer", "answered_by", "answered_by_display_name"),
)

suggestions = sa.Table(
    "suggestions",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid, nullable=False),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.Index("suggestions_by_state", "state", "id"),
)

mapper.map_imperatively(Suggestion, suggestions, version_id_col=suggestions.c.version)


class Suggestions:
    """All suggestions the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def get(self, name: str) -> Suggestion:
        """Return the suggestion of that name; else SuggestionNotFound."""
        enterprise, text = parse(SUGGESTION, name)
        found = None
        with suppress(ValueError):
            found = self._tx.get(Suggestion, {"enterprise": enterprise, "id": UUID(text)})
        if found is None:
            raise SuggestionNotFound(suggestion=name)
        return found

    def add(self, made: Suggestion) -> None:
        """Keep a new suggestion; TooManySuggestions while too many of its author wait."""
        open_ = sa.select(sa.func.count()).where(
            suggestions.c.enterprise == made.enterprise,
            suggestions.c.author == made.author,
            suggestions.c.state == State.OPEN,
        )
        if (self._tx.scalar(open_) or 0) >= MOST_OPEN:
            raise TooManySuggestions(most=MOST_OPEN)
        self._tx.add(made)
