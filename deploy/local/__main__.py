"""`python -m deploy.local up|demo|status|stop`; the environment is read here and nowhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from deploy.local.house import ROOT
from deploy.local.plan import Bus, Plan
from deploy.local.ports import Address
from deploy.local.progress import Progress
from deploy.local.signins import SignIns
from deploy.local.state import State, write_json
from shared.errors import Refusal

folder = click.option(
    "--state",
    envvar="MILLRUN_STATE",
    default=ROOT / ".state",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    help="The folder that keeps everything.",
)


@click.group()
def millrun() -> None:
    """Millrun on this machine."""


@millrun.command("up")
@folder
@click.option("--bus", envvar="BUS", default="local", type=click.Choice(["local", "rabbitmq"]))
@click.option("--portal", envvar="MILLRUN_PORTAL_ADDRESS", default="127.0.0.1:8080")
@click.option("--console", envvar="MILLRUN_CONSOLE_ADDRESS", default="127.0.0.1:8090")
@click.option("--demo/--no-demo", envvar="DEMO", default=True, help="Whether to fill an empty one.")
def start(state: Path, bus: Bus, portal: str, console: str, demo: bool) -> None:
    """Start everything and run until Ctrl-C."""
    from deploy.local.up import up

    plan = Plan(
        state=State(state),
        bus=bus,
        portal=Address.parse(portal),
        console=Address.parse(console),
        demo=demo,
    )
    up(plan, Progress())


@millrun.command("demo")
@folder
def tell_demo(state: Path) -> None:
    """Fill the running Millrun with something to look at."""
    from deploy.local.control import running
    from deploy.local.demo import fill
    from deploy.local.welcome import what_now

    where, progress = State(state), Progress()
    told = running(where)
    fill(told["portal"], SignIns(where.sign_ins), progress)
    write_json(where.demo, {"told": "whole"})
    if told.get("ready"):  # else it is being started, and whoever starts it says so at the end
        progress.box(what_now(where, portal=told["portal"], console=told["console"]))


@millrun.command("status")
@folder
def show_status(state: Path) -> None:
    """Say what runs."""
    from deploy.local.control import status

    click.echo("\n".join(status(State(state))))


@millrun.command("stop")
@folder
def stop_it(state: Path) -> None:
    """Stop the running Millrun as Ctrl-C would."""
    from deploy.local.control import stop

    stop(State(state))


def main() -> None:
    """Run the command line; what was refused is said in a sentence, not in a traceback."""
    try:
        millrun(prog_name="python -m deploy.local")
    except Refusal as refusal:
        click.echo("\n".join(filter(None, [f"error: {refusal}", refusal.remedy])), err=True)
        sys.exit(1)


if __name__ == "__main__":
    sys.path[:0] = [path for path in (str(ROOT / "gen"),) if path not in sys.path]
    # Whatever is started from here finds the same code.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "gen")])
    main()
