"""What tests stand on: real databases, real channels, a clock one can wait for."""

from shared.testing.waits import LONG, eventually

__all__ = ["LONG", "eventually"]
