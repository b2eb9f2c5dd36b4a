"""Which queues there are in RabbitMQ, what they hear, and within which limits.

One topic exchange; one quorum queue per (consumer, source), as `fulfillment.ordering`, that hears
everything that source tells; one `<consumer>.dead` for messages nobody could even read. Limits are
policies, not queue arguments, so that they can change without declaring a queue anew. All of it
means the same in RabbitMQ 3.10 and in 4.x.
"""

from collections.abc import Iterable
from typing import Any

from amqp import Channel

EXCHANGE = "millrun.events"

DELIVERY_LIMIT = 100
"""How often a message may come back because its consumer died with it in hand; then it is buried.

Only a breaker for a message that kills its worker: retries are counted by the inbox. Everything
prefetched comes back when a worker dies, the innocent too, therefore so many."""

LENGTH_LIMIT_BYTES = 2 * 1024**3
"""What one queue may hold; beyond it publishing is refused and events wait in the outbox."""

_QUORUM = {"x-queue-type": "quorum"}


def queue(consumer: str, source: str) -> str:
    """Return the queue in which `consumer` hears `source`."""
    return f"{consumer}.{source}"


def dead_queue(consumer: str) -> str:
    """Return the queue that keeps what `consumer` could not read, each with a reason."""
    return f"{consumer}.dead"


def declare_exchange(channel: Channel) -> None:
    """Make sure that there is something to publish to."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)


def declare(channel: Channel, consumer: str, sources: Iterable[str]) -> None:
    """Make sure that `consumer` hears each of `sources` from now on, running or not."""
    declare_exchange(channel)
    _declare_queue(channel, dead_queue(consumer))
    for source in sources:
        _declare_queue(channel, queue(consumer, source))
        channel.queue_bind(queue(consumer, source), EXCHANGE, f"{source}.#")


def policies(consumers: Iterable[str], *, vhost: str) -> list[dict[str, Any]]:
    """Return the limits of each consumer's queues as policies of a definitions file."""
    return [
        {
            "name": f"{consumer}-limits",
            "vhost": vhost,
            "pattern": f"^{consumer}\\.(?!dead$)",
            "apply-to": "queues",
            "priority": 10,
            "definition": {
                "delivery-limit": DELIVERY_LIMIT,
                "max-length-bytes": LENGTH_LIMIT_BYTES,
                "overflow": "reject-publish",
                "dead-letter-exchange": "",
                "dead-letter-routing-key": dead_queue(consumer),
                "dead-letter-strategy": "at-least-once",
            },
        }
        for consumer in consumers
    ]


def _declare_queue(channel: Channel, name: str) -> None:
    channel.queue_declare(name, durable=True, auto_delete=False, arguments=_QUORUM)
