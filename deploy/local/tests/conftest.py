"""A folder to keep things in, and a screen to read."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy.local.progress import Progress
from deploy.local.state import State


@pytest.fixture
def state() -> Iterator[State]:
    """Return an empty state folder, where whoever PostgreSQL runs as can reach it."""
    with TemporaryDirectory(prefix="millrun-") as folder:
        state = State(Path(folder))
        state.run.mkdir(parents=True)
        yield state


@pytest.fixture
def screen() -> StringIO:
    """Return what would be seen."""
    return StringIO()


@pytest.fixture
def progress(screen: StringIO) -> Progress:
    """Return a progress that writes on the screen."""
    return Progress(screen)
