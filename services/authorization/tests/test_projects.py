"""Projects: products in the hands of a project manager, who gets their orders (R62)."""

from typing import Any

import pytest
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1 import project_pb2

from services.authorization.commands import enter_staff
from services.authorization.tests.office import MANUFACTURER, PASSWORD, Office
from services.authorization.tests.test_tenants import count
from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.storage import Scope

LAMP, PLUG = "enterprises/acme/products/lamp", "enterprises/acme/products/plug"
ACTIVE, CLOSED = project_pb2.Project.ACTIVE, project_pb2.Project.CLOSED


class Bench:
    """Acme with two products; its managers, and an engineer who is nobody's yet."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.admin = office.enterprise()
        office.certify(self.admin)
        office.product(pid="lamp")
        office.product(pid="plug")
        self.seller = office.staff(Role.BUSINESS_MANAGER)
        self.pm = office.staff(Role.PROJECT_MANAGER)
        self.certifier = office.staff(Role.CERTIFIER)
        self.eve = self.enter("eve@millrun.example", Role.PROJECT_MANAGER)
        self.stranger = self.enter("sam@millrun.example", Role.BUSINESS_MANAGER)

    def enter(self, email: str, *roles: Role) -> pb.Session:
        runtime = self.office.served.runtime
        enter_staff(runtime, email=email, name=email, roles=roles, password=PASSWORD)
        return self.office.sign_in(email)

    def begin(self, who: Any, *products: str, **more: Any) -> project_pb2.Project:
        given = {"project_manager": self.eve.account.name, **more}
        return self.office.project(who, *products, **given)

    def change(self, who: Any, project: project_pb2.Project, **more: Any) -> project_pb2.Project:
        wanted = project_pb2.Project(name=project.name, **more)
        request = project_pb2.UpdateProjectRequest(project=wanted)
        request.update_mask.paths.extend(set(more) - {"etag"})
        return self.office.ask(who).UpdateProject(request)

    def close(self, who: Any, project: project_pb2.Project) -> project_pb2.Project:
        return self.office.ask(who).CloseProject(project_pb2.CloseProjectRequest(name=project.name))

    def hands(self, who: Any = None, *products: str) -> dict[str, str]:
        """Who has which product in hand, as ordering is told."""
        checked = self.office.check(who or self.admin, *(products or (LAMP, PLUG)))
        return dict(checked.project_managers)


@pytest.fixture
def bench(office: Office) -> Bench:
    return Bench(office)


def refused(family: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(family) as refused:
        act(*given, **more)
    assert refused.value.remedy, "it says who can fix it"
    return refused.value.reason


def test_orders_of_its_products_go_to_who_has_the_project(bench: Bench) -> None:
    assert bench.hands() == {}
    project = bench.begin(bench.pm, LAMP)

    assert (project.state, project.enterprise_legal_name) == (ACTIVE, "Acme Ltd")
    assert bench.hands() == {LAMP: bench.eve.account.name}
    assert bench.office.told()[-1] == "ProjectAssigned"
    bench.change(bench.eve, project, products=[LAMP, PLUG])
    assert set(bench.hands()) == {LAMP, PLUG}
    bench.change(bench.eve, project, project_manager=bench.pm.account.name)
    assert bench.hands()[PLUG] == bench.pm.account.name
    closed = bench.close(bench.pm, project)
    assert (closed.state, list(closed.products), bench.hands()) == (CLOSED, [], {})
    assert bench.office.told()[-1] == "ProjectClosed"


def test_who_orders_a_brands_product_is_told_whose_it_is_and_only_then(bench: Bench) -> None:
    maker = bench.office.enterprise("maker", MANUFACTURER)
    bench.begin(bench.pm, LAMP)

    assert bench.hands(maker, LAMP) == {}, "it is not open to them"
    bench.office.associate(LAMP, "maker")
    assert bench.hands(maker, LAMP, PLUG) == {LAMP: bench.eve.account.name}


@pytest.mark.parametrize(
    ("who", "may"),
    [("seller", True), ("pm", True), ("certifier", True), ("eve", False), ("stranger", False)],
)
def test_who_has_the_customer_gives_its_projects_away(bench: Bench, who: str, may: bool) -> None:
    if may:
        assert bench.begin(getattr(bench, who), LAMP).project_manager == bench.eve.account.name
    else:
        assert refused(Forbidden, bench.begin, getattr(bench, who), LAMP) == "NOT_YOURS_TO_ASSIGN"


def test_who_has_a_project_may_hand_it_on_and_a_stranger_may_not(bench: Bench) -> None:
    project = bench.begin(bench.pm, LAMP)
    mine = bench.pm.account.name

    strange = refused(Forbidden, bench.change, bench.stranger, project, project_manager=mine)
    assert strange == "NOT_YOURS_TO_ASSIGN"
    assert refused(Forbidden, bench.close, bench.stranger, project) == "NOT_YOURS_TO_ASSIGN"
    assert bench.change(bench.eve, project, project_manager=mine).project_manager == mine


def test_a_product_is_in_one_project_and_is_the_enterprises_own(bench: Bench) -> None:
    bench.office.enterprise("globex")
    foreign = bench.office.product("globex", "fan")
    project = bench.begin(bench.pm, LAMP)

    assert refused(Disallowed, bench.begin, bench.pm, LAMP, PLUG) == "PRODUCT_IN_ANOTHER_PROJECT"
    assert refused(NotFound, bench.begin, bench.pm, PLUG, foreign) == "UNKNOWN_PRODUCT"
    nothing = "enterprises/acme/products/nothing"
    assert refused(NotFound, bench.begin, bench.pm, nothing) == "UNKNOWN_PRODUCT"
    second = bench.begin(bench.pm, PLUG)
    taken = refused(Disallowed, bench.change, bench.pm, second, products=[LAMP, PLUG])
    assert taken == "PRODUCT_IN_ANOTHER_PROJECT"
    bench.close(bench.pm, project)
    assert list(bench.change(bench.pm, second, products=[LAMP, PLUG]).products) == [LAMP, PLUG]


def test_what_is_no_project_is_refused(bench: Bench) -> None:
    seller = bench.seller.account.name
    assert refused(Disallowed, bench.begin, bench.pm, LAMP, project_manager=seller) == "NOT_IN_ROLE"
    assert refused(Malformed, bench.begin, bench.pm, LAMP, display_name=" ") == "FIELDS_MISSING"
    assert refused(Malformed, bench.begin, bench.pm, LAMP, display_name="\a") == "BAD_TEXT"
    project = bench.begin(bench.pm, LAMP)
    none = refused(Malformed, bench.change, bench.pm, project, products=[])
    assert none == "PROJECT_HAS_NO_PRODUCTS"
    assert refused(Malformed, bench.change, bench.pm, project) == "NOTHING_TO_CHANGE"
    assert refused(Outdated, bench.change, bench.pm, project, products=[PLUG], etag="0")
    bench.close(bench.pm, project)
    assert refused(Disallowed, bench.close, bench.pm, project) == "PROJECT_IS_CLOSED"
    missing = project_pb2.Project(name=project.name[:-4] + "0000")
    assert refused(NotFound, bench.close, bench.pm, missing) == "PROJECT_NOT_FOUND"


def test_the_same_again_is_no_change(bench: Bench) -> None:
    project = bench.begin(bench.pm, LAMP)
    again = bench.change(bench.pm, project, products=[LAMP], display_name="Plugs")

    assert again.etag == project.etag
    assert bench.office.told().count("ProjectAssigned") == 1


def test_everybody_here_finds_projects_and_the_own_ones(bench: Bench) -> None:
    project = bench.begin(bench.pm, LAMP)
    stub = bench.office.ask(bench.eve)
    asked = project_pb2.ListProjectsRequest(parent="enterprises/-", project_manager="accounts/me")

    assert [each.name for each in stub.ListProjects(asked).projects] == [project.name]
    other = bench.office.ask(bench.pm).ListProjects(asked).projects
    assert not other
    of_acme = project_pb2.ListProjectsRequest(parent="enterprises/acme")
    assert stub.ListProjects(of_acme).projects[0] == stub.GetProject(
        project_pb2.GetProjectRequest(name=project.name)
    )


def test_a_customer_sees_no_project_of_others_below_the_code(bench: Bench) -> None:
    bench.begin(bench.pm, LAMP)
    bench.office.enterprise("globex")
    for table in ("projects", "project_products"):
        assert count(bench.office, Scope(enterprise="globex"), table) == 0
        assert count(bench.office, Scope(enterprise="acme"), table) == 1
