"""People who use Millrun as anybody outside can: over its public REST API and nothing else.

The demo and the end-to-end tests share them. What they do reads like the requirements.
"""

from deploy.local.people.api import Api, Refused
from deploy.local.people.customer import Administrator, Buyer, Partner, Rnd
from deploy.local.people.enterprise import Enterprise
from deploy.local.people.journey import Journey
from deploy.local.people.person import Person
from deploy.local.people.vendor import (
    BusinessManager,
    Certifier,
    Factory,
    Finance,
    ProjectManager,
    Vendor,
)

__all__ = [
    "Administrator",
    "Api",
    "BusinessManager",
    "Buyer",
    "Certifier",
    "Enterprise",
    "Factory",
    "Finance",
    "Journey",
    "Partner",
    "Person",
    "ProjectManager",
    "Refused",
    "Rnd",
    "Vendor",
]
