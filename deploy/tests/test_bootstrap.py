"""Which Python an environment is made with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def pythons(tmp_path: Path):
    """Return what makes a Python of a name that takes so many microseconds."""

    def make(**speeds: int) -> str:
        for name, microseconds in speeds.items():
            python = tmp_path / name.replace("_", ".")
            python.write_text(
                f'#!/bin/sh\ncase "$1" in *python_speed.py) echo {microseconds} ;; esac\n'
            )
            python.chmod(0o755)
        return str(tmp_path)

    return make


def chosen(folder: str, **environment: str) -> str:
    found = subprocess.run(
        ["sh", str(ROOT / "deploy" / "bootstrap"), "python"],
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


def test_the_fastest_of_several_pythons_is_taken(pythons) -> None:
    assert chosen(pythons(python3=1_000_000, python3_13=1)) == "python3.13"


def test_the_first_stays_if_another_is_hardly_faster(pythons) -> None:
    assert chosen(pythons(python3=2, python3_13=2, python3_12=3)) == "python3"


def test_who_names_a_python_gets_it(pythons) -> None:
    assert chosen(pythons(python3=1), PYTHON=sys.executable) == sys.executable


def test_how_long_a_python_takes_is_a_number() -> None:
    told = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "python_speed.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(told.stdout) > 0
