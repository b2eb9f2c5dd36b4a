"""Where contacts, messages and the feed are kept."""

from services.notification.store.contacts import Contacts
from services.notification.store.feed import Feed
from services.notification.store.messages import Messages
from services.notification.store.tables import mapper, one_at_a_time

__all__ = ["Contacts", "Feed", "Messages", "mapper", "one_at_a_time"]
