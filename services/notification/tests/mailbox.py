"""A mail server as small as can be, on loopback."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mail (RFC 5321), unless it is told to refuse it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refusing = False

    @property
    def channel(self) -> str:
        """Where apprise finds it."""
        port = self.server_address[1]
        return f"mailto://127.0.0.1:{port}/?from=millrun@example.com&to={{address}}&format=text"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mailbox, to = cast(Mailbox, self.server), ""
        self._say("220 mailbox")
        for line in self.rfile:
            said = line.decode().strip()
            match said[:4].upper():
                case "DATA":
                    self._say("354 go on")
                    mailbox.mails.append((to, self._read()))
                    self._say("250 taken")
                case "RCPT":
                    to = said.partition("<")[2].partition(">")[0]
                    self._say("550 no" if mailbox.refusing else "250 ok")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _read(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Take mail for a block."""
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
