"""The services of Millrun, one package each, and its two edges: gateway and console."""

import shared  # noqa: F401 - tells gRPC what it reads when it is imported, so before it is
