"""Where accounts, enterprises and permissions are kept: tables, mapping, repositories."""

from services.authorization.store import mapping  # noqa: F401  maps the domain
from services.authorization.store.codes import Codes
from services.authorization.store.identities import Identities, Questions
from services.authorization.store.meters import Meters
from services.authorization.store.people import Accounts, Credentials, Failures
from services.authorization.store.permissions import (
    Associations,
    Authorizations,
    PartnerClients,
    Products,
)
from services.authorization.store.projects import Projects
from services.authorization.store.revocations import Revocations
from services.authorization.store.second_step import Challenges, TwoSteps
from services.authorization.store.sessions import Sessions
from services.authorization.store.spaces import Certifications, Enterprises, Memberships, seeing
from services.authorization.store.staff import Deputyships
from services.authorization.store.tables import mapper

__all__ = [
    "Accounts",
    "Associations",
    "Authorizations",
    "Certifications",
    "Challenges",
    "Codes",
    "Credentials",
    "Deputyships",
    "Enterprises",
    "Failures",
    "Identities",
    "Memberships",
    "Meters",
    "PartnerClients",
    "Products",
    "Projects",
    "Questions",
    "Revocations",
    "Sessions",
    "TwoSteps",
    "mapper",
    "seeing",
]
