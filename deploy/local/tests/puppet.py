"""A process to practise on: `puppet <port> [die]` answers /healthz, or dies with a last word."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Well(BaseHTTPRequestHandler):
    """Says that it is well, whatever is asked."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


def main() -> None:
    """Do as told."""
    if sys.argv[2:] == ["die"]:
        print("I cannot go on")
        sys.exit(3)
    print("2031-01-01 [warning  ] this is worth seeing", flush=True)
    print("2031-01-01 [info     ] this is not", flush=True)
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()


main()
