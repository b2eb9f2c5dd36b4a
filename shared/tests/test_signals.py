"""Who waits to be told to stop is told, whichever thread the signal came to."""

import signal
import subprocess
import sys
import textwrap

import pytest

from shared.testing import LONG


def _said(script: str) -> str:
    """Return what a process with these lines as its main thread said."""
    head = """
        import signal, sys, threading, time
        from shared.signals import hearing
    """
    lines = textwrap.dedent(head) + textwrap.dedent(script)
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, timeout=LONG, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_another_thread_caught_is_heard(number: signal.Signals) -> None:
    said = _said(f"""
        def caught():
            time.sleep(0.2)  # by then the main thread waits; it is told either way
            signal.pthread_kill(threading.get_ident(), {int(number)})

        with hearing(signal.SIGTERM, signal.SIGINT) as told:
            threading.Thread(target=caught).start()
            print(told().name)
    """)
    assert said == number.name


def test_a_signal_that_came_before_anybody_waited_is_heard() -> None:
    said = _said("""
        with hearing(signal.SIGTERM) as told:
            signal.raise_signal(signal.SIGTERM)
            print(told().name)
    """)
    assert said == "SIGTERM"


def test_other_signals_wake_nobody() -> None:
    said = _said("""
        signal.signal(signal.SIGUSR1, lambda *_: print("usr1", end=" "))
        with hearing(signal.SIGTERM) as told:
            signal.raise_signal(signal.SIGUSR1)
            signal.raise_signal(signal.SIGTERM)
            print(told().name)
    """)
    assert said == "usr1 SIGTERM"


def test_what_else_was_to_happen_happens_and_what_was_there_before_is_back() -> None:
    said = _said("""
        def then(number, frame):
            raise KeyboardInterrupt

        before = signal.getsignal(signal.SIGINT)
        try:
            with hearing(signal.SIGINT, then=then) as told:
                signal.raise_signal(signal.SIGINT)
                told()
        except KeyboardInterrupt:
            print(signal.getsignal(signal.SIGINT) is before, signal.set_wakeup_fd(-1))
    """)
    assert said == "True -1"
