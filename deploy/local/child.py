"""`python -m deploy.local.child KILL services.ordering serve`: a module that ends with its parent.

The kernel sends the named signal to this process when the one that started it is gone, however
that went, so that nothing is left running behind a runner that was killed. (Only Linux offers
this; elsewhere the next start ends what it finds.) Nothing else is imported here: a worker must
patch the process before anything else is.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Bind this process to its parent, then become the named module."""
    parent, name = int(os.environ.pop("MILLRUN_PARENT")), sys.argv[1]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.Signals[f"SIG{name}"])
        if os.getppid() != parent:  # it went before we asked
            sys.exit(1)
    module, sys.argv = sys.argv[2], sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


main()
