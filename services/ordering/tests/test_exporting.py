"""Orders as files: the same orders a list shows, a row an order or a row a line."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from openpyxl import load_workbook

from services.ordering.domain.table import as_csv, as_workbook, disarmed
from services.ordering.queries import Format, exporting
from services.ordering.tests.builders import LAMP, PLUG
from services.ordering.tests.desk import BRAND, BUYER, FACTORY, GADGET, MANAGER, STRANGER, Desk
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Forbidden, Malformed, NotFound

ACME = "enterprises/acme"
LABELS, PACKING = "valueAddedServices/labels", "valueAddedServices/packing"
MONEY = (
    "total", "settled", "currency", "unit_price", "amount", "services_amount", "line_total"
)  # fmt: skip


def export(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> bytes:
    parts = list(desk.ask(who).ExportOrders(rpc.ExportOrdersRequest(parent=parent, **more)))
    assert parts[0].content_type == (
        Format.XLSX.value if more.get("format") == "XLSX" else "text/csv"
    )
    return b"".join(part.data for part in parts)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(content: bytes) -> list[dict[str, Any]]:
    head, *lines = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_orders_a_list_shows_come_as_a_file(desk: Desk) -> None:
    order = desk.submit(desk.create((PLUG, 100)))
    desk.create((LAMP, 1000))
    [said] = rows(export(desk, states=["INTENTION"]))

    assert (said["order_no"], said["state"]) == (order.order_no, "INTENTION")
    assert (said["currency"], said["total"], said["settled"]) == ("CNY", "950.00", "0.00")
    assert said["po_no"] == order.form.po_no
    assert said["waiting_on"] == "BUSINESS_MANAGER"
    assert said["submit_time"] == f"{order.submit_time.ToDatetime():%Y-%m-%dT%H:%M:%SZ}"


def test_each_line_may_have_a_row(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    first, second = rows(export(desk, rows="LINES"))

    assert [first["order_no"], second["order_no"]] == [order.order_no] * 2
    assert [first["pid"], second["pid"]] == ["plug16", "lamp9"]
    assert (second["quantity"], Decimal(second["unit_price"])) == ("1000", Decimal("8.125"))
    assert Decimal(second["amount"]) == Decimal(8125)


def test_services_stand_in_a_row_as_an_import_reads_them(desk: Desk) -> None:
    desk.create((PLUG, 100), services=[LABELS, PACKING])
    content = export(desk, rows="LINES")
    [said] = rows(content)
    assert said["services"] == "labels; packing"
    amounts = [Decimal(said[name]) for name in ("amount", "services_amount", "line_total")]
    assert amounts[2] == amounts[0] + amounts[1] == Decimal(said["total"])
    assert amounts[1] > 0

    form = pb.Order(purpose=pb.MASS_PRODUCTION)
    asked = rpc.CreateOrderRequest(parent=ACME, order=form)
    draft = desk.ask().CreateOrder(asked)
    again = rpc.ImportOrderLinesRequest(name=draft.name, content=content)
    [line] = desk.ask().ImportOrderLines(again).order.lines
    assert (line.pid, line.quantity) == ("plug16", 100)
    assert [each.service for each in line.services] == [LABELS, PACKING]


def test_a_workbook_has_numbers_and_times(desk: Desk) -> None:
    order = desk.create((PLUG, 100))
    [said] = table(export(desk, format="XLSX", rows="LINES"))

    assert (said["total"], said["quantity"]) == (950, 100)
    assert said["create_time"] == order.create_time.ToDatetime().replace(microsecond=0)
    assert said["submit_time"] is None


def test_what_looks_like_a_formula_is_text_in_both(desk: Desk) -> None:
    form = desk.a_new_form(po_no="=1+1", customer_batch_no="@SUM(A1)", model_no="+1")
    desk.submit(desk.create(), form=form_message(form))
    [said], [typed] = rows(export(desk)), table(export(desk, format="XLSX"))

    assert (said["po_no"], said["customer_batch_no"]) == ("'=1+1", "'@SUM(A1)")
    assert (typed["po_no"], typed["model_no"]) == ("'=1+1", "'+1")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "'=1"])
def test_every_beginning_of_a_formula_is_disarmed(text: str) -> None:
    assert disarmed(text) == f"'{text}"
    assert disarmed(f"x{text}") == f"x{text}"


def test_what_a_workbook_has_no_letter_for_is_left_out() -> None:
    assert table(as_workbook("T", ["a"], [["x\x0by"]])) == [{"a": "xy"}]
    assert as_csv(["a"], [[Decimal("1E+3")], [None]]).decode("utf-8-sig") == 'a\r\n1000\r\n""\r\n'


def test_the_products_owner_sees_the_order_without_prices(desk: Desk) -> None:
    desk.create((GADGET, 100))
    [said] = rows(export(desk, BRAND, "enterprises/brand", rows="LINES"))

    assert said["pid"] == "gadget1"
    assert not {said[name] for name in MONEY} - {""}


def test_tenants_stay_apart_and_production_sees_no_prices(desk: Desk) -> None:
    desk.create()
    assert rows(export(desk, STRANGER, "enterprises/globex")) == []
    assert len(rows(export(desk, MANAGER, "enterprises/-"))) == 1
    with pytest.raises(NotFound):
        export(desk, STRANGER)
    with pytest.raises(NotFound):
        export(desk, BUYER, "enterprises/-")
    with pytest.raises(Forbidden):
        export(desk, FACTORY, "enterprises/-")


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_too_many_rows_for_one_file_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(exporting, "MOST", dict.fromkeys(Format, 2))
    desk.create((PLUG, 100), (LAMP, 1000))
    desk.create((PLUG, 100))

    assert export(desk, format=kind)
    with pytest.raises(Malformed) as refused:
        export(desk, format=kind, rows="LINES")
    assert refused.value.reason == "TOO_MANY_ORDERS"
    desk.create()
    with pytest.raises(Malformed, match="more than 2 rows"):
        export(desk, format=kind)


def test_a_kind_of_file_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(Malformed):
        export(desk, format=99)
    with pytest.raises(Malformed):
        export(desk, rows=99)
