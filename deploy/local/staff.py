"""Makes the vendor's own accounts, which nobody can register for: once, at the first start.

`hire` starts this module as a process of its own, with authorization's environment: the runner
need not hold all that authorization is made of.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from io import StringIO

from deploy.local.databases import is_gone
from deploy.local.house import ROOT, manifest
from deploy.local.signins import SignIn, SignIns
from shared.errors import Unavailable


class AccountsNotMade(Unavailable):
    """The accounts of the vendor's people could not be made:

    {words}
    """

    fix = "Start Millrun again; it tries again."


def hire(sign_ins: SignIns, environment: dict[str, str]) -> None:
    """Make the accounts that are still missing; `environment` is authorization's.

    Refuses with AccountsNotMade; what was made stays made.
    """
    missing = {sign_in.email: sign_in for sign_in in sign_ins.pending()}
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.staff"],
        # Passwords are no arguments: those are for everybody to read.
        input=json.dumps([asdict(sign_in) for sign_in in missing.values()]),
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        if made := missing.get(line.removeprefix("made ")):
            sign_ins.made(made)
    if done.returncode:
        raise AccountsNotMade(words=done.stderr.strip()[-1000:])


def main() -> None:
    """Make the accounts that standard input lists; say each that was made."""
    from shared.chores import run
    from shared.settings import load

    wanted = [SignIn(**raw) for raw in json.load(sys.stdin)]
    service = manifest("authorization")
    settings = load(service.name, service.settings)
    for one in wanted:
        sys.stdin = StringIO(one.password)
        words = ["--email", one.email, "--name", one.display_name, "--role", one.role]
        try:
            run(service, settings, "staff", words)
        except Exception as error:
            if is_gone(error):
                sys.exit(f"PostgreSQL does not answer: {error}".partition("\n")[0])
            raise
        print(f"made {one.email}", flush=True)


if __name__ == "__main__":
    main()
