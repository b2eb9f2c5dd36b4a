"""Mail that is sent at once and not kept: one-time codes."""

import threading

import pytest
import sqlalchemy as sa
from millrun.notification.v1.notification_pb2 import SendMailRequest
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub

from services.notification import sending
from services.notification.domain.message import Channel
from services.notification.service import service
from services.notification.tests.mailbox import mailbox
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Unauthenticated, Unavailable
from shared.storage import EVERYTHING
from shared.testing.callers import caller
from shared.testing.waits import LONG, eventually

AUTHORIZATION = Caller(account="services/authorization")
MAIL = SendMailRequest(address="kim@acme.example", subject="Your code", text="It is 1234 5678.")


@pytest.fixture
def box():
    with mailbox() as box:
        yield box


@pytest.fixture
def database(databases):
    return databases(service)


def test_a_mail_arrives_and_nothing_of_it_is_kept(database, serving, box) -> None:
    served = serving(service, database, channels={Channel.MAIL: box.channel})

    served.stub(NotificationServiceStub, as_=AUTHORIZATION).SendMail(MAIL)

    ((to, mail),) = eventually(lambda: box.mails)
    assert (to, mail["subject"]) == ("kim@acme.example", "Your code")
    assert "1234 5678" in mail.get_content()
    with database.transaction(EVERYTHING) as tx:
        tables = tx.scalars(sa.text("select tablename from pg_tables where schemaname = 'public'"))
        kept = [
            str(row)
            for table in tables.all()
            if table != "alembic_version"
            for row in tx.execute(sa.text(f"select * from {table}"))
        ]
    assert not [row for row in kept if "1234" in row or "kim@" in row]


def test_a_mail_that_is_not_taken_is_tried_again(database, serving, box, monkeypatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", (0.05, 0.05))
    tried = []

    def refuse(*_, **mail) -> str:
        tried.append(mail)
        return "not now"

    monkeypatch.setattr(sending, "send", refuse)
    served = serving(service, database, channels={Channel.MAIL: box.channel})

    served.stub(NotificationServiceStub, as_=AUTHORIZATION).SendMail(MAIL)

    assert eventually(lambda: len(tried) == 3)


def test_when_too_many_wait_that_is_said(database, serving, box, monkeypatch) -> None:
    monkeypatch.setattr(sending, "PENDING", 1)
    begun = threading.Event()
    monkeypatch.setattr(sending, "send", lambda *_, **mail: begun.wait(LONG) and "")
    stub = serving(service, database, channels={Channel.MAIL: box.channel}).stub(
        NotificationServiceStub, as_=AUTHORIZATION
    )
    stub.SendMail(MAIL)
    with pytest.raises(Unavailable):
        stub.SendMail(MAIL)
    begun.set()


def test_without_a_mail_server_that_is_said(database, serving) -> None:
    with pytest.raises(Disallowed) as refused:
        serving(service, database).stub(NotificationServiceStub, as_=AUTHORIZATION).SendMail(MAIL)
    assert refused.value.reason == "NO_MAIL"


def test_nobody_else_has_mail_sent(database, serving, box) -> None:
    served = serving(service, database, channels={Channel.MAIL: box.channel})

    for somebody in (caller(Role.ADMINISTRATOR), caller(Role.FINANCE), caller(Role.PARTNER)):
        with pytest.raises(Forbidden):
            served.stub(NotificationServiceStub, as_=somebody).SendMail(MAIL)
    with pytest.raises(Unauthenticated):
        served.stub(NotificationServiceStub).SendMail(MAIL)
    assert not box.mails
