"""What notification refuses, and why."""

from shared.errors import Disallowed, NotFound


class MessagesNotFound(NotFound):
    """There are no messages of {account}."""

    fix = "Ask for accounts/me: everybody sees their own messages only."


class MessageNotFound(NotFound):
    """There is no message {message}."""

    fix = "Take the name from the list of your messages."


class FeedNotFound(NotFound):
    """There is no enterprise {enterprise}."""

    fix = "Ask for the enterprise you act in."


class DeliveryCannotBecome(Disallowed):
    """The delivery over {channel} is {state} and cannot become {wanted}."""

    fix = "Nothing is to be done: a delivery ends once."
