"""The catalogue at the database: 10,000 products a customer may see, listed and searched."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import psycopg

from e2e.load.figures import Figure
from e2e.load.rows import conninfo
from e2e.load.timing import percentile
from services.catalog.queries.finding import Wanted
from services.catalog.queries.products import list_products
from services.catalog.service import service
from shared import postgres
from shared.caller import Caller, Role
from shared.migrations import migrate, prepare
from shared.storage import Database, Scope

BESIDE = "catalog_bare"
"""The database it is measured in."""

PRODUCTS, ASSOCIATED = 10_000, 2_000
MARK, REPEATS = 50.0, 40

MAKER = Caller(account="accounts/m", enterprise="maker", roles=frozenset({Role.BUYER}))
STAFF = Caller(account="accounts/s", roles=frozenset({Role.PROJECT_MANAGER}))

ASKING = (("own", MAKER, "enterprises/maker"), ("all", STAFF, "enterprises/-"))
ASKED = {
    "list": Wanted(),
    "search.part": Wanted(search="7f3"),
    "search.letter": Wanted(search="e"),
    "search.word": Wanted(search="switch"),
    "search.words": Wanted(search="switch 4c", model="ws-1"),
    "search.nothing": Wanted(search="zzzz"),
}

FILL = """
    insert into products (enterprise, version, sequence, id, pid, display_name, lifecycle, panel,
        data_points, model, customer_name, notes, found_by, created_at)
    select owner, 1, 1, gen_random_uuid(), pid, name, 'TRIAL_PRODUCTION', '', '{}', model, customer,
        '', lower(concat_ws(chr(10), pid, model, customer, name)), now()
    from (
        select case when n <= %(open)s then 'acme' when n <= %(reach)s then 'maker'
                else 'other' || n %% 5 end,
            substr(md5(n::text), 1, 16),
            (array['Wall Switch', 'Smart Plug', 'Dim Light'])[1 + n %% 3],
            'WS-' || n, 'Customer ' || n %% 200
        from generate_series(1, 2 * %(reach)s) n
    ) as made (owner, pid, name, model, customer)
"""
OPEN = """
    insert into associations
    select 'maker', id, enterprise, gen_random_uuid() from products where enterprise = 'acme'
"""
PAGE = "select * from products where enterprise = 'maker' order by id desc limit 50"


def figures() -> Iterator[Figure]:
    """Yield how long a first page takes, beside the bare page of one table, and its mark."""
    with server() as superuser_url:
        yield from measured(superuser_url, PRODUCTS, ASSOCIATED)


def measured(superuser_url: str, reach: int, associated: int) -> Iterator[Figure]:
    """Yield it for a customer who may see `reach` products, `associated` of them others'."""
    access = prepare(superuser_url, service.name, database=BESIDE)
    migrate(service.name, access.owner_url)
    with psycopg.connect(conninfo(superuser_url, BESIDE), autocommit=True) as connection:
        connection.execute(FILL, {"open": associated, "reach": reach})
        connection.execute(OPEN)
        connection.execute("vacuum analyze")
        limit = median(lambda: connection.execute(PAGE).fetchall())
    settings = service.settings(database_url=access.app_url, owner_database_url=access.owner_url)
    with Database(
        access.app_url, name=service.name, events=service.events, settings=settings
    ) as database:
        for (name, wanted), (whose, caller, parent) in product(ASKED.items(), ASKING):
            taken = median(partial(_first_page, database, caller, parent, wanted))
            yield Figure(
                name=f"catalogue.{name}.{whose}", value=taken, unit="ms", limit=limit, mark=MARK
            )
    with psycopg.connect(conninfo(superuser_url, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {BESIDE} with (force)")


def _first_page(database: Database, caller: Caller, parent: str, wanted: Wanted) -> None:
    with database.transaction(Scope.of(caller), read_only=True) as tx:
        list_products(tx, caller=caller, parent=parent, wanted=wanted, size=50, token="")


def median(work: Callable[[], object]) -> float:
    """Return what half of the repetitions take at most, in milliseconds."""
    return percentile(repeated(work), 0.5)


def repeated(work: Callable[[], object]) -> list[float]:
    """Return how long each repetition takes, in seconds."""
    return [once(work) for _ in range(REPEATS)]


def once(work: Callable[[], object]) -> float:
    """Return how long it takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def server() -> Iterator[str]:
    """Run a PostgreSQL of its own."""
    folder = Path(tempfile.mkdtemp(prefix="millrun-"))
    running = postgres.start(folder / "postgres")
    try:
        yield running.superuser_url
    finally:
        running.stop()
        shutil.rmtree(folder)
