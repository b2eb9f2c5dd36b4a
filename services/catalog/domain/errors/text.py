"""What catalog refuses of what is typed."""

from shared.errors import Malformed


class TextWithoutWords(Malformed):
    """The field {field} holds nothing but blanks."""

    fix = "Fill in {field} and send the request again."
