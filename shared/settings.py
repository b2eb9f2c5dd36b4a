"""What a runtime is told when it is launched: read once, never changed, never read again.

A setting of ordering is `ORDERING_<SETTING>`. A few are the same for a whole installation and
may be given once, without the prefix; the one with the prefix wins.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _place(said: str) -> str:
    if said and not re.fullmatch(r"\S*:\d{1,5}", said):
        raise ValueError("should be host:port, as 0.0.0.0:9090")
    return said


def _database(said: str) -> str:
    if said and not said.startswith("postgresql+psycopg://"):
        raise ValueError("should begin with postgresql+psycopg://")
    return said


def _broker(said: str) -> str:
    if said and not said.startswith(("amqp://", "amqps://")):
        raise ValueError("should begin with amqp:// or amqps://")
    return said


Place = Annotated[str, AfterValidator(_place)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
BrokerUrl = Annotated[str, AfterValidator(_broker)]
Level = Literal["debug", "info", "warning", "error", "critical"]


class ServiceSettings(BaseSettings):
    """What every service has to know; a service may add to it."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: DatabaseUrl = Field(default="", repr=False)
    """Its own database, as the application role: `postgresql+psycopg://…`."""

    owner_database_url: DatabaseUrl = Field(default="", repr=False)
    """The same database as the role that owns the tables; only `migrate` needs it."""

    amqp_url: BrokerUrl = Field(default="", repr=False)
    """The broker; empty where events stay in the process."""

    grpc_address: Place = "127.0.0.1:0"
    """Where it answers calls; port 0 is any free one."""

    metrics_address: Place = ""
    """Where it serves `/metrics`, `/healthz` and `/livez`; empty for nowhere."""

    keys: Path = Path()
    """The folder with the public keys that tokens are verified by."""

    peers: dict[str, str] = Field(default_factory=dict)
    """The other services by name: `{"catalog": "127.0.0.1:50051"}`."""

    threads: int = Field(default=16, ge=1)
    """How many calls it works on at once; as many connections to the database may be open."""

    log_level: Annotated[Level, BeforeValidator(str.lower)] = "info"
    log_format: Literal["console", "json"] = "console"

    otlp_endpoint: str = ""
    """Where spans go; empty for nowhere."""


SHARED = {
    "amqp_url": "AMQP_URL",
    "keys": "MILLRUN_KEYS",
    "log_level": "LOG_LEVEL",
    "log_format": "LOG_FORMAT",
    "otlp_endpoint": "OTEL_EXPORTER_OTLP_ENDPOINT",
}
"""Settings an installation gives once for all services, and what they are called there."""

_S = TypeVar("_S", bound=ServiceSettings)


def load(
    service: str,
    cls: type[_S],
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> _S:
    """Read the settings of `service`: `overrides`, then `<SERVICE>_…`, then the shared names.

    Raises pydantic's ValidationError, which names the setting, if one is missing or wrong.
    """
    prefix = f"{service.upper()}_"
    given: dict[str, object] = {"peers": peers(environ)}
    for setting, name in SHARED.items():
        if environ.get(name):
            given[setting] = environ[name]
    own = {
        name: environ[key] for name in cls.model_fields if (key := prefix + name.upper()) in environ
    }
    given = {name: value for name, value in given.items() if name not in own}
    return cls(_env_prefix=prefix, **(given | dict(overrides or {})))  # type: ignore[arg-type]


def peers(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the services are: `CATALOG_ADDRESS=catalog:50051` and its like."""
    found = ((re.fullmatch(r"([A-Z]+)_ADDRESS", name), value) for name, value in environ.items())
    return {match.group(1).lower(): value for match, value in found if match and value}
