"""The gRPC health of a service: whether it can be asked now.

`Watch` follows the process alone, from its start to its stop; `Check` also looks at what it needs.
"""

from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_health.v1.health import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from shared.health import Health


class Checks(HealthServicer):
    """Answers NOT_SERVING while something is away, and says in its trailing metadata what."""

    def __init__(self, health: Health) -> None:
        super().__init__()
        self._health = health

    def Check(
        self, request: HealthCheckRequest, context: grpc.ServicerContext
    ) -> HealthCheckResponse:
        answer = super().Check(request, context)
        if answer.status == HealthCheckResponse.SERVING and (away := self._health.away()):
            context.set_trailing_metadata((("away", ",".join(away)),))
            return HealthCheckResponse(status=HealthCheckResponse.NOT_SERVING)
        return answer

    # Those that answer may all wait for a database that stands still: it is said all the same.
    Check.experimental_thread_pool = ThreadPoolExecutor(2, "health")  # type: ignore[attr-defined]
