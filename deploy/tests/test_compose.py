"""`docker compose up` runs the same processes, each told what it reads and nothing else."""

from deploy.charts import EDGES, read, settings_of, unread
from deploy.local.house import ROOT, edges, services
from deploy.tests.test_charts import asked_by

COMPOSE = read(ROOT / "deploy" / "compose.yaml")


def test_compose_runs_every_process_with_what_it_reads():
    told = {name: each.get("environment", {}) for name, each in COMPOSE["services"].items()}
    wanted = {*edges(), *services(), *(f"{name}-work" for name in services())}
    assert set(told) == wanted | {"postgres", "rabbitmq", "keys", "migrate"}
    for name in wanted:
        process, _, verb = name.partition("-")
        assert unread(process, told[name]) == []
        command = [f"services.{process}", *([] if process in EDGES else [verb or "serve"])]
        assert COMPOSE["services"][name]["command"] == command


def test_compose_prepares_every_database():
    told = COMPOSE["services"]["postgres"]["environment"]
    migrated = COMPOSE["services"]["migrate"]["environment"]
    assert told["SERVICES"].split() == migrated["SERVICES"].split() == services()
    for name in services():
        assert unread(name, {f"{name.upper()}_OWNER_DATABASE_URL": ""}) == []
        assert f"{name.upper()}_OWNER_DATABASE_URL" in migrated


def test_only_authorization_has_the_private_key():
    mounts = {name: each.get("volumes", []) for name, each in COMPOSE["services"].items()}
    holders = {name for name in mounts for mount in mounts[name] if mount.startswith("keys:")}
    assert holders == {"keys", "authorization"}


def test_compose_tells_each_process_where_those_are_that_it_asks():
    for name in [*services(), *edges()]:
        told = COMPOSE["services"][name]["environment"]
        addresses = {each.removesuffix("_ADDRESS").lower() for each in told if "_ADDRESS" in each}
        assert addresses & set(services()) == asked_by(name)


def test_compose_opens_the_edges_on_this_machine_only():
    for name in edges():
        address = settings_of(name).model_fields["address"].default
        (published,) = COMPOSE["services"][name]["ports"]
        assert published == f"{address}:{address.rpartition(':')[2]}"
