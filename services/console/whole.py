"""Reading lists to their end: what waits is looked for in all there is, not among the newest."""

from typing import Any

from starlette.requests import Request

from shared.web import Part, together
from shared.web.together import Question

MOST_PAGES = 10
"""Pages read of one list at most; whoever shows it says so if there are more."""


def whole(request: Request, **questions: Question) -> dict[str, Part]:
    """Ask all `questions` at once, then for what follows on each; return each one's Part.

    An answer has the items of all its pages. Its `next_page_token` is set only if some were not
    read: there are more than MOST_PAGES, or one of them could not be had.
    """
    found = together(request, **questions)
    followed = dict(found)
    for _page in range(MOST_PAGES - 1):
        further = {name: _after(questions[name], part) for name, part in followed.items()}
        asked = {name: question for name, question in further.items() if question}
        if not asked:
            break
        # What could not be had is not asked for again: whoever looks has waited for it once.
        followed = {name: part for name, part in together(request, **asked).items() if part.answer}
        for name, part in followed.items():
            found[name].answer.next_page_token = ""
            found[name].answer.MergeFrom(part.answer)
    return found


def is_cut(part: Part) -> bool:
    """Whether some of a list was not read."""
    return bool(part.answer and part.answer.next_page_token)


def _after(question: Question, part: Part) -> Question | None:
    if not is_cut(part):
        return None
    stub, method, asked, *where = question
    following: Any = type(asked)()
    following.CopyFrom(asked)
    following.page_token = part.answer.next_page_token
    return (stub, method, following, *where)
