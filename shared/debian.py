"""Programs that come as Debian packages: installed where apt is there and we may use it."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
_LOCK = Path(tempfile.gettempdir(), "millrun-apt.lock")


def can_install() -> bool:
    """Whether packages can be installed here at all: apt is there, and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """Install `package` with apt-get; whether that worked.

    One at a time: two processes that need something new at once wait for each other. No service of
    the machine is started by it.
    """
    with _alone(), _no_services_started():
        return _apt("install", package) or (_apt("update") and _apt("install", package))


def _apt(step: str, *packages: str) -> bool:
    wait = ["-o", "DPkg::Lock::Timeout=120"]
    what = ["--yes", "--no-install-recommends", *packages] if packages else []
    command = ["apt-get", "-qq", *wait, step, *what]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quiet, capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def _alone() -> Iterator[None]:
    with _LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Keep a package from starting its service, the way Debian provides for it."""
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)
