"""The garbage collector of a process that answers for a long time.

Python looks for cycles every 700 objects, and now and then through everything that lives: with
some hundred thousand objects of code and descriptors, a tenth of what a busy process does. To look
seldom at what is young only makes each look longer, and everybody waits for it: at 50,000 objects
for 70 ms.
"""

import gc

YOUNG, MIDDLE, OLD = 2_000, 50, 500
"""Objects more than before, and how often a generation is looked at before the next one is."""


def settle() -> None:
    """Let go of what starting left behind, and never again look at what stays for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
