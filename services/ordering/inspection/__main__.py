"""`python -m services.ordering.inspection MEMORY SECONDS`, with the file as standard input."""

from typing import Any

from shared.inspection.confined import run


def look(content: bytes) -> dict[str, Any]:
    """Look at a file once the process is confined."""
    from services.ordering.inspection import looking

    return looking.look(content)


if __name__ == "__main__":
    run(look)
