"""Lines pasted and imported: PID or model and quantity, row by row (R37)."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from openpyxl import Workbook

from services.ordering.domain import sheet
from services.ordering.domain.service_names import (
    AmbiguousService,
    NoSuchService,
    services_called,
)
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.domain.words import Purpose
from services.ordering.tests.builders import LAMP, PLUG
from services.ordering.tests.desk import STRANGER, Desk, request_id
from shared.errors import Disallowed, Malformed, NotFound, Outdated, Refusal


def a_workbook(*rows: tuple[object, ...]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def beside_others(*rows: tuple[object, ...]) -> bytes:
    """Return a workbook whose first sheet is hidden, and its second empty."""
    book, file = Workbook(), io.BytesIO()
    hidden, _, lines = book.worksheets[0], book.create_sheet(), book.create_sheet()
    hidden.append(("Choices", "1"))
    hidden.sheet_state = "hidden"
    for row in rows:
        lines.append(row)
    book.save(file)
    return file.getvalue()


LABELS, PACKING = "valueAddedServices/labels", "valueAddedServices/packing"


def fill(desk: Desk, order: pb.Order, content: bytes, **more: Any) -> rpc.ImportOrderLinesResponse:
    asked = rpc.ImportOrderLinesRequest(name=order.name, content=content, **more)
    return desk.ask().ImportOrderLines(asked)


def an_empty_draft(desk: Desk) -> pb.Order:
    asked = rpc.CreateOrderRequest(
        parent="enterprises/acme", order=pb.Order(purpose=pb.MASS_PRODUCTION)
    )
    return desk.ask().CreateOrder(asked)


@pytest.mark.parametrize(
    "content",
    [
        b"plug16\t100\nlamp9\t1,000\n",
        b"PID,Quantity\r\nplug16,100\r\nlamp9,1000\r\n",
        "数量;型号\n100;M-plug16\n1 000;m-LAMP9\n".encode(),
        "plug16\t100\n\nlamp9\t1000".encode("utf-16"),
        a_workbook(("model", "units"), ("M-plug16", 100), ("lamp9", 1000.0)),
        a_workbook(("plug16", "100"), (None, None), ("lamp9", "1,000")),
        b"\nplug16;100\nlamp9;1,000\n",
        b"sep=,\r\nPID,Qty\r\nplug16,100\r\nlamp9,1000\r\n",
        b"What we need in May, please\n\nPID\tQuantity\nplug16\t100\nlamp9\t1,000\n",
        a_workbook(
            ("Order of May",), (), ("No.", "PID", "Qty"), (1, "plug16", 100), (2, "lamp9", 1000)
        ),
        "Ｍ－ｐｌｕｇ１６\t１００\nＬＡＭＰ９\t１０００\n".encode(),
        beside_others(("plug16", 100), ("lamp9", 1000)),
    ],
)
def test_rows_name_products_by_pid_or_model_in_whatever_a_spreadsheet_gives(
    desk: Desk, content: bytes
) -> None:
    filled = fill(desk, an_empty_draft(desk), content)

    assert [(line.product, line.quantity) for line in filled.order.lines] == [
        (PLUG, 100),
        (LAMP, 1000),
    ]
    assert not any(line.reason for line in filled.lines)
    assert desk.get(filled.order) == filled.order


MIXED = b"plug16\t100\nnothing\t5\nplug16\t200\nlamp9\tmany\n\t7\nlamp9\t120\n"


def test_a_dry_run_answers_for_every_row_and_stores_nothing(desk: Desk) -> None:
    draft = an_empty_draft(desk)
    tried = fill(desk, draft, MIXED, validate_only=True)

    assert [(line.row, line.reason) for line in tried.lines] == [
        (1, ""),
        (2, "NO_SUCH_PRODUCT"),
        (3, "PRODUCT_ORDERED_TWICE"),
        (4, "NOT_A_QUANTITY"),
        (5, "ROW_WITHOUT_PRODUCT"),
        (6, "QUANTITY_NOT_PACKED"),
    ]
    assert all(line.message and line.fix for line in tried.lines[1:])
    assert len(tried.order.lines) == 1
    assert desk.get(draft) == draft


def test_one_row_that_cannot_be_ordered_refuses_all(desk: Desk) -> None:
    draft = an_empty_draft(desk)
    with pytest.raises(Disallowed, match="2, 3, 4, 5, 6") as refused:
        fill(desk, draft, MIXED)
    assert refused.value.reason == "LINES_NOT_IMPORTED"
    assert desk.get(draft) == draft


@pytest.mark.parametrize("validate_only", [True, False])
def test_what_is_no_draft_is_refused_before_any_row(desk: Desk, validate_only: bool) -> None:
    order = desk.submitted()
    with pytest.raises(Disallowed, match="is submitted and cannot be changed") as refused:
        fill(desk, order, MIXED, validate_only=validate_only)
    assert refused.value.reason == "ORDER_CANNOT_BE"


def test_a_model_of_several_products_is_answered_with_the_choices(desk: Desk) -> None:
    desk.catalog.offers[LAMP] = replace(desk.catalog.offers[LAMP], model="M-plug16")
    [line] = fill(desk, an_empty_draft(desk), b"M-plug16\t100", validate_only=True).lines

    assert line.reason == "AMBIGUOUS_MODEL"
    assert "plug16 (Plug16)" in line.fix
    assert "lamp9 (Lamp9)" in line.fix


def test_a_repeated_import_adds_its_lines_once(desk: Desk) -> None:
    draft, request = an_empty_draft(desk), request_id()
    first = fill(desk, draft, b"plug16\t100", request_id=request)
    assert fill(desk, draft, b"plug16\t100", request_id=request) == first
    with pytest.raises(Outdated):
        fill(desk, draft, b"lamp9\t100", etag=draft.etag)


def test_a_stranger_fills_no_draft(desk: Desk) -> None:
    asked = rpc.ImportOrderLinesRequest(name=an_empty_draft(desk).name, content=b"plug16\t100")
    with pytest.raises(NotFound):
        desk.ask(STRANGER).ImportOrderLines(asked)


def test_rows_far_apart_are_all_read() -> None:
    spread = [row for at in range(150) for row in ((f"p{at}", at + 1), (None, None), ())]
    rows = sheet.read(a_workbook(("PID", "quantity"), *spread))
    assert [(row.product, row.quantity) for row in rows] == [
        (f"p{at}", at + 1) for at in range(150)
    ]


@pytest.mark.parametrize("text", [b"plug16,1,000\n", b"PID,quantity\nplug16,12,500,000"])
def test_a_quantity_that_commas_took_apart_is_not_taken_for_its_first_part(text: bytes) -> None:
    [row] = sheet.read(text)
    assert row.refusal
    assert row.refusal.reason == "NOT_A_QUANTITY"
    assert sheet.read(b'plug16,"1,000"')[0].quantity == 1000
    assert sheet.read("plug16\t７００".encode())[0].quantity == 700
    assert not sheet.read(b"plug16\t1,00")[0].quantity


def repacked(**parts: bytes) -> bytes:
    """Return a workbook with other content in some of its parts."""
    made = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(a_workbook(("plug16", 100))))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in whole.namelist():
            stem = name.rpartition("/")[2].partition(".")[0].strip("[]")
            packed.writestr(name, parts.get(stem, whole.read(name)))
    return made.getvalue()


def entities(depth: int) -> bytes:
    """Return XML that is far more than it looks like."""
    known = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, depth))
    cell = f'<c r="A1" t="inlineStr"><is><t>&e{depth - 1};</t></is></c>'
    sheet_ = f"<worksheet {NAMESPACE}><sheetData><row>{cell}</row></sheetData></worksheet>"
    return f'<!DOCTYPE a [<!ENTITY e0 "aaaaaaaaaa">{known}]>{sheet_}'.encode()


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def flagged(at: int, value: int) -> bytes:
    """Return a workbook whose directory says something else of every part."""
    content, place = bytearray(a_workbook(("plug16", 100))), 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + at] = value
        place += 4
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        a_workbook(("plug16", 100))[:2000],
        a_workbook(("plug16", 100))[:900] + b"\xff" * 40 + a_workbook(("plug16", 100))[940:],
        repacked(sheet1=b"<worksheet><broken"),
        repacked(workbook=b"<workbook/>"),
        repacked(Content_Types=b"nothing"),
        repacked(sheet1=entities(9)),
        flagged(8, 1),
        flagged(10, 99),
    ],
    ids=[
        "cut",
        "damaged",
        "broken-xml",
        "no-book",
        "no-types",
        "entities",
        "encrypted",
        "unknown-packing",
    ],
)
def test_a_damaged_or_hostile_workbook_is_refused_not_stumbled_over(content: bytes) -> None:
    with pytest.raises(sheet.SheetUnreadable):
        sheet.read(content)


def a_sheet(*numbers: int, dimension: str, ends: str = "") -> bytes:
    """Return a workbook with rows of these numbers, whose sheet says how far it goes, or not."""
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="str"><v>plug{at}</v></c><c r="B{at}"><v>{at}</v></c></row>'
        for at in numbers
    )
    whole = f"{dimension}<sheetData>{rows}{ends}</sheetData>"
    return repacked(sheet1=f"<worksheet {NAMESPACE}>{whole}</worksheet>".encode())


@pytest.mark.parametrize("dimension", ["", '<dimension ref="A1"/>', '<dimension ref="A1:B9"/>'])
def test_no_row_is_lost_whatever_a_sheet_says_of_its_size(dimension: str) -> None:
    rows = sheet.read(a_sheet(1, 2, 4, dimension=dimension))

    assert [(row.number, row.quantity) for row in rows] == [(1, 1), (2, 2), (4, 4)]


@pytest.mark.parametrize(
    "content",
    [
        a_sheet(1, 2_000_000_000, dimension=""),
        a_sheet(2_000_000_000, dimension='<dimension ref="A1:B2000000000"/>'),
        b"plug16,100\n" + b",\n" * 500_000,
    ],
    ids=["far below", "nothing before", "blank"],
)
def test_rows_far_apart_are_not_waited_for(content: bytes) -> None:
    with pytest.raises(sheet.RowsFarApart, match="more than 10000 rows"):
        sheet.read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"plug16,100\n" * 5000 + b'"' + b"x" * 200_000,
        a_sheet(*range(1, 5001), dimension="", ends="<broken"),
        a_sheet(*range(1, 5001), dimension='<dimension ref="A1:B5000"/>', ends="<broken"),
    ],
    ids=["text", "workbook", "measured workbook"],
)
def test_of_too_many_rows_no_more_is_read_than_the_first_too_many(content: bytes) -> None:
    """That the last one is broken is not noticed."""
    with pytest.raises(sheet.TooManyRows):
        sheet.read(content)


def test_what_chinese_spreadsheet_programs_write_is_read() -> None:
    rows = sheet.read("型号,数量\r\n北欧插座,700\r\n".encode("gb18030"))
    assert [(row.product, row.quantity) for row in rows] == [("北欧插座", 700)]


def a_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheet.MOST_UNPACKED + 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"x" * (sheet.MOST_KIB * 1024 + 1), sheet.SheetTooLarge),
        (a_bomb(), sheet.SheetTooLarge),
        (b"PK\x03\x04 no workbook", sheet.SheetUnreadable),
        (b"\x80\x81\x82", sheet.SheetUnreadable),
        (b"a\x00b", sheet.SheetUnreadable),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, sheet.SheetUnreadable),
        (b"PID\tQuantity\n", sheet.SheetWithoutLines),
        (b"\n\n", sheet.SheetWithoutLines),
        (b"plug16\t100\n" * 201, sheet.TooManyRows),
    ],
)
def test_what_is_no_sheet_of_lines_is_refused_as_a_whole(
    content: bytes, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        sheet.read(content)
    assert isinstance(refused.value, Malformed)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"plug16\t100\tlabels; Packing\nlamp9\t1,000\n",
        b"Services,PID,Remarks,Quantity\r\nLABELS;valueAddedServices/packing,plug16,x,100\r\n,lamp9,,1000\r\n",
        '型号;数量;增值服务\nplug16;100;"labels；packing;"\nlamp9;1000;-\n'.encode(),
        a_workbook(("pid", "quantity", "vas"), ("plug16", 100, "labels, packing"), ("lamp9", 1000)),
    ],
)
def test_services_stand_in_a_column_of_their_own(desk: Desk, content: bytes) -> None:
    filled = fill(desk, an_empty_draft(desk), content)
    first, second = filled.order.lines
    assert [each.service for each in first.services] == [LABELS, PACKING]
    assert list(second.services) == []
    assert desk.get(filled.order) == filled.order


def test_each_row_says_what_is_wrong_with_its_services(desk: Desk) -> None:
    desk.catalog.services[LABELS] = replace(desk.catalog.services[LABELS], minimum_quantity=500)
    content = b"plug16\t100\tengraving\nplug16\t100\tlabels\nlamp9\t1000\tlabels\n"
    draft = an_empty_draft(desk)
    tried = fill(desk, draft, content, validate_only=True)

    assert [(line.row, line.reason, line.services) for line in tried.lines] == [
        (1, "NO_SUCH_SERVICE", "engraving"),
        (2, "SERVICE_BELOW_MINIMUM", "labels"),
        (3, "", "labels"),
    ]
    assert tried.lines[0].facts["possible"] == "labels, packing"
    assert tried.order.lines[0].services[0].service == LABELS
    with pytest.raises(Disallowed, match="1, 2"):
        fill(desk, draft, content)
    assert desk.get(draft) == draft


def test_what_was_set_up_before_is_not_set_up_again_for_a_row(desk: Desk) -> None:
    earlier = desk.submitted((PLUG, 100), services=[LABELS])
    [line] = fill(desk, an_empty_draft(desk), b"plug16\t100\tlabels").order.lines
    assert line.services[0].setup_order_no == earlier.order_no


def test_nobody_is_asked_for_services_that_no_row_names(desk: Desk) -> None:
    fill(desk, an_empty_draft(desk), b"plug16\t100\t")
    assert desk.catalog.priced == [False]


def test_a_name_of_several_services_is_answered_with_their_codes() -> None:
    def sold(code: str, called: str) -> tuple[str, ServiceOffer]:
        name = f"valueAddedServices/{code}"
        purposes = frozenset({Purpose.MASS_PRODUCTION})
        return name, ServiceOffer(service=name, display_name=called, purposes=purposes)

    offers = dict(
        [sold("burn-8", "Burn-in, long"), sold("burn-4", "Burn-in"), sold("b", "Burn-in")]
    )
    assert services_called("burn-in,  LONG", offers) == ("valueAddedServices/burn-8",)
    assert services_called("burn-8; burn-8", offers) == ("valueAddedServices/burn-8",)
    with pytest.raises(AmbiguousService, match="b, burn-4"):
        services_called("Burn-in", offers)
    with pytest.raises(NoSuchService, match="engraving"):
        services_called("burn-4, engraving", offers)
