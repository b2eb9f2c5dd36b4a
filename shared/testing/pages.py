"""Pages as a person meets them: over real HTTP, with the forms a page holds."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette


class Browser(httpx.Client):
    """Opens pages, follows where they lead, keeps cookies, and fills in forms."""

    def __init__(self, origin: str) -> None:
        # To read the certificates of the world takes longer than a page; nothing here is encrypted.
        super().__init__(base_url=origin, follow_redirects=True, timeout=30, verify=False)
        self.origin = origin

    def fill(self, page: str, to: str = "", **fields: Any) -> httpx.Response:
        """Open `page` and send the form on it (that goes `to` a path) with `fields`.

        What the form hides, its token among it, goes along as it would from a browser.
        """
        return self.submit(self.get(page), to or page.partition("?")[0], **fields)

    def submit(self, opened: httpx.Response, action: str, **fields: Any) -> httpx.Response:
        """Send the form that goes to `action` on a page opened earlier."""
        hidden = hidden_fields(opened.text, action) | hidden_fields(opened.text, "")
        headers = {"referer": str(opened.url), "origin": self.origin}
        return self.post(action, data={**hidden, **fields}, headers=headers)


def hidden_fields(html: str, action: str) -> dict[str, str]:
    """Return what the form that goes to `action` hides (one without an action: to its own page)."""
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        target = re.search(r'^<form[^>]*action="([^"]*)"', form)
        if (target[1] if target else "") == action:
            found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
            return dict(found)
    return {}


class Server(uvicorn.Server):
    """Ends as soon as it is told to: uvicorn's own looks ten times a second, three times over."""

    LOOK = 0.005

    async def main_loop(self) -> None:
        while not await self.on_tick(1):
            await asyncio.sleep(self.LOOK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(self.LOOK)
        await self.lifespan.shutdown()


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """Serve `app` on a free port for a block; yield its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(uvicorn.Config(app, log_level="critical", proxy_headers=False))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
