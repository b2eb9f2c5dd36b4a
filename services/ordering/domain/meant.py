"""Which product somebody means who writes a PID or a model (R37)."""

from collections.abc import Mapping

from shared.errors import Disallowed, NotFound, Refusal

Meant = Mapping[str, str | Refusal]
"""By what was written: the name of the product, or why none is meant."""

MOST_CHOICES = 10


class NoSuchProduct(NotFound):
    """There is no product with the PID or model {text}."""

    fix = "Check it in the list of what you can order, or have the product opened to you."


class AmbiguousModel(Disallowed):
    """The model {text} is one of several products: {choices}."""

    fix = "Write the PID of the one that is meant: {choices}."
