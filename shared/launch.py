"""`python -m services.<name> serve|work|migrate|<chore>`.

Settings are read here, once; nothing else reads the environment.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.service import Service
    from shared.settings import ServiceSettings

NEEDS = {"migrate": "owner_database_url", "work": "amqp_url", "serve": "amqp_url"}
"""What each way to run needs, besides a database."""


def launch(package: str, arguments: Sequence[str] | None = None) -> None:
    """Run the service in `package` as the command line says; SystemExit with a sentence if not."""
    verb, *rest = list(sys.argv[1:] if arguments is None else arguments) or [""]
    if verb == "work":
        # It makes the process green, and that must come before any other import.
        import_module("shared.worker")
    from shared import logging, settings
    from shared.starting import in_a_sentence

    service: Service = import_module(f"{package}.service").service
    if verb not in ("serve", "work", "migrate", *service.chores):
        chores = "".join(f"|{chore}" for chore in service.chores)
        raise SystemExit(f"usage: python -m {package} serve|work|migrate{chores}")
    with in_a_sentence(service.name):
        given = settings.load(service.name, service.settings)
        _insist_on(given, service.name, NEEDS.get(verb, "database_url"))
        logging.configure(service.name, level=given.log_level, format=given.log_format)
        _run(service, given, verb, rest)


def _run(service: "Service", given: "ServiceSettings", verb: str, rest: list[str]) -> None:
    """Import only what this way to run needs: it is memory, and a worker must not have gRPC."""
    match verb:
        case "serve":
            import_module("shared.server").run(service, given)
        case "work":
            import_module("shared.worker").run(service, given)
        case "migrate":
            import_module("shared.migrations").migrate(service.name, given.owner_database_url)
        case _:
            import_module("shared.chores").run(service, given, verb, rest)


def _insist_on(given: "ServiceSettings", service: str, needed: str) -> None:
    wanted = ("database_url", needed) if needed != "owner_database_url" else (needed,)
    for name in dict.fromkeys(wanted):
        if not getattr(given, name):
            raise SystemExit(f"{service} needs {service.upper()}_{name.upper()} to be set.")
