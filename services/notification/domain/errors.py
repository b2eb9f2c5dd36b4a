"""What notification refuses, and why."""

from shared.errors import Disallowed, Forbidden, NotFound, Unavailable


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


class NotForYou(Forbidden):
    """Only authorization has mail sent that is not kept."""

    fix = "Nothing is to be done: messages are sent when something happened."


class NoMail(Disallowed):
    """This installation has no way to send mail."""

    fix = "Whoever runs it sets one: NOTIFICATION_CHANNELS."


class MailAway(Unavailable):
    """The mail server did not take the mail."""
