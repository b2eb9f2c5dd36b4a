"""Authorization: who people are, which enterprises there are, and who may do what where."""

from millrun.authorization.v1 import events_pb2

from services.authorization.chores import end_two_step, rotate_keys, staff
from services.authorization.clocks import clocks
from services.authorization.commands.signing_in import signing_key
from services.authorization.reactions import reactions
from services.authorization.settings import AuthorizationSettings
from shared.encryption import encryption_keys
from shared.service import Service


def _look(settings: AuthorizationSettings) -> object:
    return signing_key(settings.keys), encryption_keys(settings.keys).id


service = Service(
    name="authorization",
    events=events_pb2,
    api="services.authorization.api",
    settings=AuthorizationSettings,
    remembered=True,
    reactions=reactions,
    look=_look,
    clocks=clocks,
    chores={"staff": staff, "rotate-keys": rotate_keys, "end-two-step": end_two_step},
)
