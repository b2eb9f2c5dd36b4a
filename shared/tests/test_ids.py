from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from shared.ids import new_id


def test_ids_sort_as_they_were_made():
    made = [new_id() for _ in range(10_000)]

    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {RFC_4122}


def test_many_at_once_never_make_the_same():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(20_000)))

    assert len(set(made)) == len(made)
