"""What can be known of the charts without helm: that they and the code speak of the same things."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from deploy.charts import CHARTS, EDGES, charts, read, settings_of, unread
from deploy.local.house import ROOT, edges, manifest, services
from shared.health import PATIENCE
from shared.settings import SHARED, ServiceSettings
from shared.topology import policies
from shared.web.settings import EdgeSettings

COMMON = read(CHARTS / "common" / "values.yaml")
SKAFFOLD = read(ROOT / "skaffold.yaml")
FILES = sorted(path for path in CHARTS.rglob("*.yaml") if "templates" not in path.parts)


def processes() -> list[str]:
    return [*services(), *edges()]


def chart_of(name: str) -> Any:
    return read(CHARTS / name / "Chart.yaml")


def values_of(name: str) -> list[Any]:
    files = [CHARTS / name / "values.yaml", *(CHARTS / name).glob("ci/*-values.yaml")]
    return [read(file) for file in files]


def test_every_service_and_every_edge_has_a_chart_of_one_line():
    for name in processes():
        kind = "edge" if name in EDGES else "service"
        assert chart_of(name)["name"] == name
        template = (CHARTS / name / "templates" / "all.yaml").read_text()
        assert template == f'{{{{ include "common.{kind}" . }}}}\n'


def test_the_umbrella_holds_every_service_every_edge_and_the_broker():
    wanted = {"common", "rabbitmq", *processes()}
    assert {each["name"] for each in chart_of("millrun")["dependencies"]} == wanted


def test_every_dependency_is_a_link_to_the_chart_beside_it():
    for chart in charts():
        for each in read(chart / "Chart.yaml")["dependencies"]:
            link = chart / "charts" / each["name"]
            assert link.is_symlink()
            assert link.resolve() == CHARTS / each["name"]
            assert each["version"] == chart_of(each["name"])["version"]


def test_all_charts_have_the_version_of_the_project():
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert project
    assert {read(each / "Chart.yaml")["version"] for each in charts()} == {project[1]}
    for name in [*processes(), "common", "millrun"]:
        assert chart_of(name)["appVersion"] == project[1]


def test_every_chart_names_variants_to_render():
    assert [each.name for each in charts() if not list(each.glob("ci/*-values.yaml"))] == []


def test_every_refusal_names_the_sentence_that_is_said():
    cases = list(CHARTS.glob("*/ci/refused/*.yaml"))
    assert {case.read_text()[:8] for case in cases} == {"# says: "}


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(CHARTS)))
def test_a_file_of_values_can_be_read(file):
    assert read(file)


def test_a_template_sets_only_what_a_process_reads():
    env = (CHARTS / "common" / "templates" / "_env.tpl").read_text()
    parts = dict(re.findall(r'define "common\.(\w+)"(.*?)\n{{- end -}}', env, re.S))
    classes = {"envOfAll": ServiceSettings, "envOfService": ServiceSettings}
    classes |= {"envOfEdge": EDGES["console"]}
    for part, cls in classes.items():
        names = re.findall(r"name: (?:{{ \S+prefix }}_)([A-Z_]+)[,\s]", parts[part])
        assert names
        assert {name.lower() for name in names} <= set(cls.model_fields)
    plain = set(re.findall(r"{name: ([A-Z_]+),|name: ([A-Z_]+)\n", env))
    assert {one or other for one, other in plain} == set(SHARED.values())


def test_values_set_only_settings_that_there_are():
    for name in processes():
        for values in values_of(name):
            told = {f"{name.upper()}_{each.upper()}": "" for each in values.get("settings", {})}
            vendor = values.get("global", {}).get("vendor", {}) if values.get("vendor") else {}
            told |= {f"VENDOR_{each.upper()}": "" for each in vendor}
            assert unread(name, told) == []


def test_who_shows_the_vendor_is_told_who_that_is():
    for name in services():
        reads = "vendor" in settings_of(name).model_fields
        assert read(CHARTS / name / "values.yaml").get("vendor", False) == reads


def test_edges_listen_where_their_settings_say():
    for name in edges():
        address = settings_of(name).model_fields["address"].default
        assert f"127.0.0.1:{read(CHARTS / name / 'values.yaml')['port']}" == address


def test_nobody_is_started_again_for_what_is_away_and_whoever_asks_waits_for_the_answer():
    pod = (CHARTS / "common" / "templates" / "_pod.tpl").read_text()
    asked = dict(re.findall(r'^(\w+)Probe: .*"timeoutSeconds" \d+\) \$(\w+)', pod, re.M))
    assert asked == {"startup": "alive", "readiness": "ready", "liveness": "alive"}
    waits = [int(each) for each in re.findall(r'"timeoutSeconds" (\d+)', pod)]
    assert min(waits) > PATIENCE
    said = re.search(r'\$alive := .*"path" \(\$edge \| ternary "(\S+)" "(\S+)"\)', pod)
    assert said
    assert said.groups() == ("/healthz", "/livez")


def test_who_may_ask_whom_is_what_the_code_asks():
    for name in processes():
        assert set(COMMON["edges"].get(name, [])) == asked_by(name)


def asked_by(name: str) -> set[str]:
    """Return what a process asks: an edge everybody, a service whose stubs it imports.

    And all ask authorization whose tokens were revoked (shared.revocations).
    """
    # The gateway's API reaches all services by their protos, the console their dead letters.
    if name in EDGES:
        return set(services())
    sources = (ROOT / "services" / name).rglob("*.py")
    code = "".join(path.read_text() for path in sources if "tests" not in path.parts)
    found = re.findall(r"from millrun\.(\w+)\.v1\.\w+_pb2_grpc import \w+Stub", code)
    return {*found, "authorization"} - {name}


def test_the_broker_starts_with_the_limits_of_every_consumer():
    limits = json.loads((CHARTS / "rabbitmq" / "files" / "limits.json").read_text())
    assert limits["policies"] == policies(services(), vhost="millrun")
    assert limits["vhosts"] == [{"name": "millrun"}]


def test_skaffold_builds_the_image_and_installs_the_charts_that_there_are():
    (artifact,) = SKAFFOLD["build"]["artifacts"]
    (release,) = SKAFFOLD["deploy"]["helm"]["releases"]
    assert (ROOT / artifact["docker"]["dockerfile"]).is_file()
    assert chart_of(Path(release["chartPath"]).name)["name"] == release["name"]
    assert all((ROOT / file).is_file() for file in release["valuesFiles"])
    image = read(CHARTS / "millrun" / "values.yaml")["global"]["image"]
    assert artifact["image"] == image["repository"]
    for value in release["setValueTemplates"].values():
        assert value.endswith(f"_{artifact['image']}}}}}")


def test_the_local_cluster_opens_the_ports_its_values_choose():
    (node,) = read(ROOT / "deploy" / "kind.yaml")["nodes"]
    opened = {each["containerPort"]: each["hostPort"] for each in node["extraPortMappings"]}
    values = read(ROOT / "deploy" / "environments" / "kind.yaml")
    for name, url in {"gateway": "portalUrl", "console": "consoleUrl"}.items():
        port = opened[values[name]["service"]["nodePort"]]
        assert values["global"][url] == f"http://127.0.0.1:{port}"


def test_a_process_that_is_told_what_it_does_not_read_is_found():
    told = {
        "ORDERING_THREADS": "8",
        "ORDERING_THREAD": "8",
        "VENDOR_HOTLINE": "",
        "PAYMENT_KEYS": "",
    }
    assert unread("ordering", told) == ["ORDERING_THREAD", "PAYMENT_KEYS"]
    assert unread("gateway", {"VENDOR_HOTLINE": ""}) == ["VENDOR_HOTLINE"]
    assert settings_of("gateway") is EdgeSettings
    assert settings_of("ordering") is manifest("ordering").settings
