"""What a refusal over HTTP looks like (RFC 9457)."""

from __future__ import annotations

import httpx


def what_is_wrong(answer: httpx.Response, *statuses: int) -> str:
    """Say why `answer` is no good refusal with one of `statuses`; nothing if it is one."""
    if answer.status_code not in statuses:
        return f"{answer.status_code} instead of {statuses}: {answer.text[:300]}"
    if answer.headers["content-type"] != "application/problem+json":
        return f"it is {answer.headers['content-type']}"
    problem = answer.json()
    if problem.get("status") != answer.status_code:
        return f"it says status {problem.get('status')}"
    if not problem.get("title") or not problem.get("trace_id"):
        return "it has no title or trace"
    if not problem.get("reason", "").isupper():
        return f"its reason is {problem.get('reason')!r}"
    for sentence in ("detail", "fix"):
        said = problem.get(sentence, "")
        if len(said) < 10 or said.rstrip()[-1] not in ".:…)" or "{" in said:
            return f"its {sentence} is no sentence: {said!r}"
    return ""
