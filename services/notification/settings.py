"""What the notification service has to know besides what every service has to."""

from typing import cast

from pydantic import Field
from sqlalchemy.orm import Session

from services.notification.domain.message import Channel
from shared.settings import ServiceSettings
from shared.storage import settings_of


class NotificationSettings(ServiceSettings):
    """How people are reached outside Millrun."""

    channels: dict[Channel, str] = Field(default_factory=dict, repr=False)
    """An apprise URL a channel, with `{address}` for the e-mail address or telephone number, as
    `{"mail": "mailtos://user:password@mail.example?to={address}"}`; the same for serve and work.
    """


def channels_of(tx: Session) -> frozenset[Channel]:
    """Return the channels this installation has."""
    return frozenset(cast(NotificationSettings, settings_of(tx)).channels)
