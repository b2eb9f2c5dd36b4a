"""Where every reaction of catalog is registered."""

from uuid import UUID

from shared.reactions import Reactions

reactions = Reactions()


def id_of(name: str) -> UUID:
    """Return the id at the end of a resource name."""
    return UUID(name.rpartition("/")[2])
