"""Where the console begins: what waits for whoever signed in."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.console.queues import MOST, QUEUES, Queue
from services.console.whole import MOST_PAGES, is_cut, whole
from shared.web import Nav, Pages, Part, page, visitor

pages = Pages(Path(__file__).parent)

SHOWN = 10
"""Tasks of one kind that are shown; the list behind has all."""


@pages.get("/", nav=Nav("My work", icon="list-check"))
def home(request: Request) -> Response:
    """Show the work of each of the visitor's roles, the longest waiting first."""
    mine = [queue for queue in QUEUES if visitor(request).has(*queue.roles)]
    # What several queues are read from is asked once.
    asked = {f"question{id(queue.question)}": queue.question for queue in mine}
    parts = whole(request, **asked)
    shown = [_shown(request, queue, parts[f"question{id(queue.question)}"]) for queue in mine]
    return page(request, "home.html", queues=shown)


def _shown(request: Request, queue: Queue, part: Part) -> dict[str, Any]:
    tasks = list(queue.tasks(part.answer, visitor(request))) if part.answer else []
    tasks.sort(key=lambda task: task.since.seconds)
    return {
        "title": queue.title,
        "more": queue.more,
        "tasks": tasks[:SHOWN],
        "count": len(tasks),
        "problem": part.problem,
        "cut": MOST * MOST_PAGES if is_cut(part) else 0,
    }
