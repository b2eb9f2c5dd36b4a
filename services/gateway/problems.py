"""Answers that say no: RFC 9457 problem details with reason, facts, fix and trace."""

import json
from dataclasses import replace

import structlog
from starlette.responses import Response

from services.gateway.router import NotThatWay
from shared.errors import Refusal, Unavailable
from shared.web.problem import Problem

MEDIA_TYPE = "application/problem+json"

OUR_FAULT = "Something went wrong on our side."

log = structlog.get_logger()


class TooLarge(Refusal):
    """The body is larger than {most} MiB."""

    fix = "Send less at once."


def answer(error: Exception, trace_id: str) -> Response:
    """Return what to say to `error`: a refusal in its own words, of a bug of ours nothing."""
    match error:
        case NotThatWay():
            response = respond(replace(Problem.stated(error, trace_id), status=405))
            response.headers["allow"] = error.facts["allowed"]
            return response
        case TooLarge():
            return respond(replace(Problem.stated(error, trace_id), status=413))
        case Unavailable(cause=str(cause)) if cause:
            log.warning("refused", trace_id=trace_id, reason=error.reason, cause=cause)
            return respond(Problem.stated(error, trace_id))
        case Refusal():
            return respond(Problem.stated(error, trace_id))
        case _:
            log.error("request failed", trace_id=trace_id, exc_info=error)
            return respond(
                Problem(status=500, detail=OUR_FAULT, reason="INTERNAL", trace_id=trace_id)
            )


def respond(problem: Problem) -> Response:
    """Return a problem as an answer, with the headers its status asks for."""
    # What a request called something may be half a character, which is none in UTF-8.
    body = json.dumps(problem.to_dict(), ensure_ascii=False).encode(errors="replace")
    response = Response(body, problem.status, media_type=MEDIA_TYPE)
    if problem.status == 401:
        response.headers["www-authenticate"] = "Bearer"
    if problem.status in (429, 503):
        # A refusal that says for how many minutes is not to be asked again each second.
        response.headers["retry-after"] = str(60 * int(problem.facts.get("minutes", 0)) or 1)
    return response
