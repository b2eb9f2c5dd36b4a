"""What a service is told, by whom, and who wins."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import ServiceSettings, load

ENVIRONMENT = {
    "ORDERING_DATABASE_URL": "postgresql+psycopg://ordering",
    "ORDERING_GRPC_ADDRESS": "127.0.0.1:50051",
    "CATALOG_ADDRESS": "catalog:50051",
    "CATALOG_DATABASE_URL": "postgresql+psycopg://catalog",
    "AMQP_URL": "amqp://everyone",
    "MILLRUN_KEYS": "/keys",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_a_service_reads_its_own_settings_and_the_shared_ones() -> None:
    settings = load("ordering", ServiceSettings)
    assert settings.database_url == "postgresql+psycopg://ordering"
    assert settings.grpc_address == "127.0.0.1:50051"
    assert settings.amqp_url == "amqp://everyone"
    assert settings.keys == Path("/keys")


def test_where_the_others_are_is_known_by_their_names() -> None:
    assert load("ordering", ServiceSettings).peers == {"catalog": "catalog:50051"}


def test_its_own_setting_wins_over_the_shared_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERING_AMQP_URL", "amqp://ordering")
    assert load("ordering", ServiceSettings).amqp_url == "amqp://ordering"


def test_what_the_launcher_says_wins_over_all() -> None:
    settings = load("ordering", ServiceSettings, {"amqp_url": "", "peers": {}})
    assert (settings.amqp_url, settings.peers) == ("", {})


def test_settings_cannot_be_changed_and_do_not_tell_their_secrets() -> None:
    settings = load("ordering", ServiceSettings)
    with pytest.raises(ValidationError):
        settings.threads = 3  # type: ignore[misc]
    assert "postgresql" not in repr(settings)
    assert "amqp" not in repr(settings).replace("amqp_url", "")


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERING_THREADS", "many")
    with pytest.raises(ValidationError, match="threads"):
        load("ordering", ServiceSettings)
