"""`make charts`: every chart in every variant it names, rendered by helm and and read as its
processes would.

A chart's `ci/<variant>-values.yaml` must render and lint; its `ci/refused/<case>.yaml` must not,
and its first line, `# says: …`, is what has to be said then.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml  # type: ignore[import-untyped]

from deploy.local.house import ROOT, manifest, services
from services.console.settings import ConsoleSettings
from shared.settings import SHARED, ServiceSettings, load
from shared.vendor import Vendor
from shared.web.settings import EdgeSettings

CHARTS = ROOT / "charts"
KIND = ROOT / "deploy" / "environments" / "kind.yaml"

EDGES: dict[str, type[EdgeSettings]] = {"gateway": EdgeSettings, "console": ConsoleSettings}

NO_HELM = """helm is not on PATH. It is one program, from https://helm.sh/docs/intro/install;
with Go: go install helm.sh/helm/v3/cmd/helm@latest"""


def read(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.safe_load(path.read_text())


def charts() -> list[Path]:
    """Return the charts that can be installed."""
    found = sorted(path.parent for path in CHARTS.glob("*/Chart.yaml"))
    return [each for each in found if read(each / "Chart.yaml")["type"] == "application"]


def settings_of(process: str) -> type[ServiceSettings]:
    """Return the class the environment of a service or an edge is read into."""
    return EDGES.get(process) or manifest(process).settings


def unread(process: str, environ: Mapping[str, str]) -> list[str]:
    """Return the variables in `environ` that `process` does not read."""
    cls = settings_of(process)
    known = {f"{process.upper()}_{field.upper()}" for field in cls.model_fields}
    known |= set(SHARED.values())
    known |= {f"{name.upper()}_ADDRESS" for name in services()}
    if "vendor" in cls.model_fields:
        known |= {f"VENDOR_{field.upper()}" for field in Vendor.model_fields}
    return sorted(set(environ) - known)


def variants(chart: Path) -> list[Path]:
    """Return the values a chart has to render with."""
    extra = [KIND] if chart.name == "millrun" else []
    return sorted(chart.glob("ci/*-values.yaml")) + extra


def complaints(chart: Path) -> Iterator[str]:
    """Say what is wrong with a chart, in any of its variants."""
    for values in variants(chart):
        rendered = _helm("template", "millrun", chart, "--values", values)
        linted = _helm("lint", "--strict", chart, "--values", values)
        for done in (rendered, linted):
            if done.returncode:
                yield f"{values.relative_to(ROOT)}: {_words(done)}"
        for what in misread(rendered.stdout):
            yield f"{values.relative_to(ROOT)}: {what}"
    for values in sorted(chart.glob("ci/refused/*.yaml")):
        wanted = values.read_text().splitlines()[0].removeprefix("# says: ")
        done = _helm("template", "millrun", chart, "--values", values)
        if not done.returncode or wanted not in done.stderr:
            yield f"{values.relative_to(ROOT)}: should be refused with {wanted!r}: {_words(done)}"


def misread(rendered: str) -> Iterator[str]:
    """Say which processes are told something that they do not read or cannot be."""
    for thing in filter(None, yaml.safe_load_all(rendered)):
        for container in _containers(thing):
            process = container["args"][0].removeprefix("services.")
            told = {each["name"]: each.get("value", "") for each in container["env"]}
            if unknown := unread(process, told):
                yield f"{process} does not read {', '.join(unknown)}"
            plain = {each["name"]: each["value"] for each in container["env"] if "value" in each}
            try:
                with patch.dict(os.environ, plain, clear=True):
                    load(process, settings_of(process))
            except ValueError as error:
                yield f"{process} cannot start: {error}"


def _containers(thing: Any) -> list[Any]:
    """Return the containers of a workload that run Millrun's image."""
    pod = thing.get("spec", {}).get("template", {}).get("spec", {})
    return [each for each in pod.get("containers", []) if "services." in str(each.get("args"))]


def _helm(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = ["helm", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def _words(done: subprocess.CompletedProcess[str]) -> str:
    """Return what helm said, without its remarks on the links between charts."""
    lines = (done.stderr + done.stdout).splitlines()
    said = [each for each in lines if each.strip() and not re.match(r"walk\.go|Use --debug", each)]
    return "\n".join(said[-5:])


def main() -> None:
    """Render and lint everything; SystemExit with what is wrong."""
    if not shutil.which("helm"):
        raise SystemExit(NO_HELM)
    broken = 0
    for chart in charts():
        found = list(complaints(chart))
        broken += len(found)
        print(f"{'fail' if found else 'ok':>6}  {chart.name}: {len(variants(chart))} variants")
        print("".join(f"        {each}\n" for each in found), end="")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
