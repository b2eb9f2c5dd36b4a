"""The two things a domain model is made of besides plain Python."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in the past tense.

    The protobuf message of the same name and fields in the service's `events.proto` is how the
    world sees it. It is told under the aggregate that recorded it.
    """


class Aggregate:
    """A cluster of objects that changes as one and remembers what happened to it.

    `version` counts changes and guards against two people changing it at once; `sequence` counts
    the events it ever told, so that each carries a gap-free number (I9). Both are stored with it.
    """

    enterprise: str
    """The space it belongs to, as `acme`; empty for what belongs to the vendor."""

    version: int
    sequence: int

    @property
    def name(self) -> str:
        """Its resource name, under which its events are told in order."""
        raise NotImplementedError

    @property
    def etag(self) -> str:
        """What a caller sends back to change only what they saw."""
        return str(self.version)

    def record(self, event: Event) -> None:
        """Remember that `event` happened; it is told when the change is stored."""
        self.sequence = (getattr(self, "sequence", None) or 0) + 1
        self.__dict__.setdefault("_recorded", []).append((self.sequence, event))

    def release_events(self) -> list[tuple[int, Event]]:
        """Hand over, once, all that was recorded, each with its number."""
        recorded: list[tuple[int, Event]] = self.__dict__.pop("_recorded", [])
        return recorded
