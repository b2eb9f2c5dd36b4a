"""Each process of the rabbitmq profile is told what it needs, and nothing more."""

from itertools import count

from deploy.local.ground import Ground
from deploy.local.house import edges
from deploy.local.plan import Plan
from deploy.local.ports import Address
from deploy.local.split import processes
from deploy.local.state import State

GROUND = Ground(
    common={"MILLRUN_KEYS": "keys", "AMQP_URL": "amqp://"},
    own={
        "catalog": {"CATALOG_DATABASE_URL": "catalog's"},
        "ordering": {"ORDERING_DATABASE_URL": "ordering's"},
    },
)
ADDRESSES = {"catalog": "127.0.0.1:1", "ordering": "127.0.0.1:2"}


def told(state: State) -> dict[str, dict[str, str]]:
    """Return what each process finds in its environment."""
    portal, console = Address("127.0.0.1", 3), Address("127.0.0.1", 4)
    plan = Plan(state=state, portal=portal, console=console)
    return {
        each.name: dict(each.environment)
        for each in processes(GROUND, ADDRESSES, plan, count(20_000))
    }


def test_a_service_has_its_own_database_and_no_other(state: State) -> None:
    environment = told(state)
    for verb in ("serve", "work"):
        assert environment[f"ordering-{verb}"]["ORDERING_DATABASE_URL"] == "ordering's"
        assert "CATALOG_DATABASE_URL" not in environment[f"ordering-{verb}"]


def test_an_edge_has_no_database(state: State) -> None:
    environment = told(state)
    for name in edges():
        assert not [key for key in environment[name] if key.endswith("DATABASE_URL")]


def test_everybody_finds_everybody(state: State) -> None:
    for environment in told(state).values():
        assert environment["CATALOG_ADDRESS"] == "127.0.0.1:1"
        assert environment["ORDERING_ADDRESS"] == "127.0.0.1:2"
        assert environment["MILLRUN_KEYS"] == "keys"


def test_a_service_answers_where_the_others_look_for_it(state: State) -> None:
    environment = told(state)
    assert environment["ordering-serve"]["ORDERING_GRPC_ADDRESS"] == "127.0.0.1:2"
    health = {
        environment[f"ordering-{verb}"]["ORDERING_METRICS_ADDRESS"] for verb in ("serve", "work")
    }
    assert len(health) == 2
