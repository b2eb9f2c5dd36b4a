"""What catalog refuses of questions for offers."""

from shared.errors import Malformed


class TooManyProducts(Malformed):
    """Offers are given for at most {most} products at once."""

    fix = "Ask in several requests."
