"""What tests stand on: real databases, real channels, a clock one can wait for."""

from shared.testing.waits import eventually

__all__ = ["eventually"]
