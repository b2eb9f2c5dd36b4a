"""Being woken by this process while one waits for a connection, too."""

import select
import socket
from contextlib import suppress


class Bell:
    """Rung by any thread; heard by the one that waits, at once or as soon as it waits again.

    A threading.Event, but it can be waited for together with what a connection receives.
    """

    def __init__(self) -> None:
        self._heard, self._rope = socket.socketpair()
        for each in (self._heard, self._rope):
            each.setblocking(False)
        self._is_rung = False

    def ring(self) -> None:
        """End the wait, or the next one; however often it is rung, once."""
        if not self._is_rung:
            self._is_rung = True
            with suppress(OSError):  # it is closed, or nobody has listened for very long
                self._rope.send(b"!")

    def silence(self) -> None:
        """Forget that it was rung: look after this, not before, at what it may have been about."""
        with suppress(BlockingIOError):
            while self._heard.recv(64):
                pass
        # Last: who thought that it still rang has done by now what is looked at.
        self._is_rung = False

    def wait(self, seconds: float, *, beside: int) -> None:
        """Wait until it rings or something can be read from the file `beside`, not for longer."""
        waiting = select.poll()
        for file in (self._heard.fileno(), beside):
            waiting.register(file, select.POLLIN)
        waiting.poll(1000 * seconds)

    def close(self) -> None:
        """Let go of it; whoever still rings is not heard."""
        self._heard.close()
        self._rope.close()
