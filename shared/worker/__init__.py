"""The process that reacts: nameko, in green threads.

The only package that knows nameko and eventlet, and the only process that is patched by them.
gRPC hangs in such a process, so nothing here calls another service: a reaction has the event and
its own database, and that has to be enough.

Import it before anything that talks: what was imported earlier would block every green thread.
"""

import os
import sys
import warnings

_TOO_EARLY = [each for each in ("grpc", "psycopg", "socketserver") if each in sys.modules]
if _TOO_EARLY:
    raise ImportError(f"shared.worker must be imported before {', '.join(_TOO_EARLY)}")

# psycopg waits in C otherwise, and no other green thread would run meanwhile.
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
# Its own resolver costs 0.4 s of every start; names are looked up when connecting, seldom.
os.environ["EVENTLET_NO_GREENDNS"] = "yes"
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
warnings.filterwarnings("ignore", module="nameko|eventlet|kombu")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from shared.worker.process import run  # noqa: E402

__all__ = ["run"]
