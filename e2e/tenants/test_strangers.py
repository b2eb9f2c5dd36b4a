"""Whatever is asked of whichever RPC, by whichever route: what is another's is not there."""

import json
import re

import pytest

from e2e.tenants.canaries import free_texts
from e2e.tenants.decisions import DECIDED, FOR_PROCESSES, MEANT, PLACES, UNSEEN, UNUSED
from e2e.tenants.filling import foreign, missing, put
from e2e.tenants.rpcs import rpcs
from e2e.tenants.tenant import is_tenants, nothing_of

ENDED = "authorization.ListRevocations"
"""What every process asks for: whose tokens ended, as long as those could still be believed."""

MANY = 400
"""Requests that are tried, at least: with fewer the generator would have lost something."""


def insist(wrong):
    """Insist that nothing is wrong; say what is."""
    assert not wrong, "\n" + "\n".join(dict.fromkeys(wrong))


def reachable(rpc):
    """Whether the request of a customer's RPC can name what is another's."""
    return rpc.for_customers and names_somebodys(rpc)


def names_somebodys(rpc):
    """Whether a request can name what is an enterprise's or its people's."""
    return any(is_tenants(form) for forms in rpc.names.values() for form in forms)


def test_every_rpc_can_be_tried_or_is_decided_about():
    undecided = {str(rpc) for rpc in rpcs() if rpc.for_customers and not reachable(rpc)}
    assert undecided == set(DECIDED), "decisions.py says why an RPC gives nothing away"
    known = {(str(rpc), path) for rpc in rpcs() for path in rpc.names}
    assert {*PLACES, *MEANT} <= known, "decisions.py speaks of what is not there any more"
    assert not any(rpc.rules for rpc in rpcs() if str(rpc) in FOR_PROCESSES)


def test_both_have_something_of_everything_and_their_mark_in_it(tenants):
    commands = [rpc for rpc in rpcs() if rpc.rules and not rpc.harmless and names_somebodys(rpc)]
    assert set(UNUSED) <= set(map(str, commands))
    used = [rpc.method.input_type for rpc in commands if str(rpc) not in UNUSED]
    texts = {text.full_name for each in used for text in free_texts(each)}
    for tenant in tenants:
        assert nothing_of(tenant.names) == []
        assert texts - tenant.api.marked == set(), "decisions.py says why a text has no mark"


def test_what_people_read_of_their_own_has_nothing_of_the_other(mine_and_theirs, speaks):
    mine, theirs = mine_and_theirs
    read = list(mine.reads(speaks))
    assert any(mine.traces_in(said) for _, said in read)
    insist([f"{rpc}: {found}" for rpc, said in read if (found := theirs.traces_in(said))])


def test_what_is_the_others_is_not_there(mine_and_theirs, speaks):
    mine, theirs = mine_and_theirs
    before = list(facts(theirs.reads(speaks)))
    wrong, tried = [], 0
    for rpc, path, name, request in attempts(mine, theirs):
        for token in mine.tokens(rpc):
            answers = [("gRPC", speaks.rpc(rpc, request, token))]
            answers += speaks.routes(rpc, request, token)
            tried += len(answers)
            for way, answer in answers:
                if complaint := what_is_wrong(rpc, path, answer, theirs, request):
                    wrong.append(f"{rpc} {path}={name} by {way}: {complaint}")
    insist(wrong)
    assert tried > MANY
    after = list(facts(theirs.reads(speaks)))
    assert [f"{rpc}: {said}" for rpc, said in after if (rpc, said) not in before] == []
    assert list(filter(lasts, after)) == list(filter(lasts, before))


def test_what_is_the_others_is_answered_like_what_nobody_has(mine_and_theirs, speaks):
    mine, theirs = mine_and_theirs
    wrong = []
    for rpc, path, name, request in attempts(mine, theirs):
        nobodys = missing(name)
        there = speaks.rpc(rpc, request, mine.everybody.token)
        put(request, rpc, path, nobodys)
        nowhere = speaks.rpc(rpc, request, mine.everybody.token)
        if plain(there, name) != plain(nowhere, nobodys):
            wrong.append(f"{rpc} {path}={name}: {plain(there, name)} not {plain(nowhere, nobodys)}")
    insist(wrong)


@pytest.mark.parametrize(("name", "path"), MEANT)
def test_what_is_meant_for_another_is_taken_alike_whether_it_is_there_or_not(
    mine_and_theirs, speaks, name, path
):
    mine, theirs = mine_and_theirs
    (rpc,) = (each for each in rpcs() if str(each) == name)
    answers = set()
    for there in theirs.names[rpc.names[path][0]]:
        for said in (there, missing(there)):
            request = mine.own(rpc)
            put(request, rpc, path, said)
            answer = speaks.rpc(rpc, request, mine.everybody.token)
            assert theirs.traces_in(answer.said, request) == []
            told = answer.body.get("name", "").rpartition("/")[2] or "…"
            answers.add((answer.status, plain(answer, said)[1].replace(told, "…")))
    assert len(answers) == 1


def test_the_check_would_see_it(mine_and_theirs, speaks):
    mine, theirs = mine_and_theirs
    seen: set[str] = set()
    blind: set[str] = set()
    for rpc, path, name, request in attempts(mine, theirs):
        if rpc.harmless and path == next(iter(rpc.names)) and not name.startswith(mine.space):
            answer = speaks.rpc(rpc, request, theirs.everybody.token)
            (seen if what_is_wrong(rpc, path, answer, theirs, request) else blind).add(str(rpc))
    assert blind - seen == set(UNSEEN), "as if it leaked: asked by those whose it is"
    assert len(seen) > 20


def facts(read):
    """Yield what was read, each ended token apart: they are forgotten one by one, in minutes."""
    for rpc, said in read:
        if str(rpc) == ENDED:
            yield from ((ENDED, json.dumps(each)) for each in json.loads(said)["revocations"])
        else:
            yield str(rpc), said


def lasts(fact):
    """Whether a fact is there until somebody changes it."""
    rpc, _ = fact
    return rpc != ENDED


def attempts(mine, theirs):
    """Yield every request with one name in it that is another's."""
    for rpc in filter(reachable, rpcs()):
        for path, name in foreign(rpc, mine.names, theirs.names):
            request = mine.own(rpc, productionBatchNo=theirs.batch)
            put(request, rpc, path, name)
            if (str(rpc), path) not in MEANT:
                yield rpc, path, name, request


def what_is_wrong(rpc, path, answer, theirs, request):
    """Say what an answer gives away; nothing if it is that of a thing that does not exist."""
    if found := theirs.traces_in(answer.said, request):
        return f"it shows {found}"
    if answer.status == "NOT_FOUND" or (rpc.harmless and answer.is_empty):
        return ""
    if (str(rpc), path) in PLACES and answer.reason == PLACES[str(rpc), path][0]:
        return ""
    return f"{answer.status} {answer.reason} instead of NOT_FOUND"


def plain(answer, name):
    """Return an answer without the name that was asked for, or any part of it."""
    said = re.sub(r'"(createTime|updateTime)": "[^"]*"', "", answer.said)
    for part in (name, *(each for each in name.split("/") if "-" in each or len(each) > PART)):
        said = said.replace(part, "…")
    return answer.status, said


PART = 14
"""Longer than any word of a name that is not somebody's."""
