"""What happens only at the first start: the vendor's accounts, and the demo."""

from __future__ import annotations

import subprocess
import sys

from deploy.local.ground import Ground
from deploy.local.house import ROOT
from deploy.local.plan import Plan
from deploy.local.progress import Progress
from deploy.local.signins import SignIns
from deploy.local.staff import hire
from deploy.local.state import write_json


def first_start(plan: Plan, ground: Ground, progress: Progress) -> None:
    """Make what an empty Millrun needs; go on where an earlier start was cut short.

    The demo is begun once and never again by itself: half of it twice would help nobody. Refuses
    with AccountsNotMade.
    """
    sign_ins = SignIns(plan.state.sign_ins)
    if sign_ins.pending():
        with progress.step("accounts of the vendor's people"):
            hire(sign_ins, ground.of("authorization"))
    if plan.state.demo.exists():
        return
    write_json(plan.state.demo, {"told": "partly" if plan.demo else "no"})
    if plan.demo and not _told(plan):
        progress.say("", "The demo did not work out; Millrun runs all the same. Again: make demo")


def _told(plan: Plan) -> bool:
    """Tell the demo in a process of its own: whatever happens there, this one goes on."""
    command = [sys.executable, "-m", "deploy.local", "demo", "--state", str(plan.state.folder)]
    return subprocess.run(command, cwd=ROOT).returncode == 0
