"""Commands for a service's operator, run beside whatever else runs."""

from shared.service import Runtime, Service
from shared.settings import ServiceSettings
from shared.storage import Database


def run(service: Service, settings: ServiceSettings, chore: str, arguments: list[str]) -> None:
    """Run one chore and return; what it announces is carried by whichever process leads."""
    with Database(
        settings.database_url,
        name=service.name,
        verb=chore,
        events=service.events,
        settings=settings,
        pool_size=2,
    ) as database:
        runtime = Runtime(service=service, database=database, settings=settings, clients=None)
        service.chores[chore](runtime, arguments)
