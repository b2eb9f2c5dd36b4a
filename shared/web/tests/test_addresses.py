"""Countries to choose from."""

from collections.abc import Iterator

import pytest

from shared.web.addresses import countries
from shared.web.text import language


@pytest.fixture(params=["en", "zh"])
def reader(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the language of who reads."""
    token = language.set(request.param)
    yield request.param
    language.reset(token)


IN_ORDER = {
    "en": ("Åland Islands", "Albania", "Côte d’Ivoire", "Croatia"),
    "zh": ("德国", "法国", "美国", "中国"),
}


def test_only_countries_are_offered_and_all_of_them(reader: str) -> None:
    codes = {code for code, _ in countries()}
    assert codes.isdisjoint({"EU", "EZ", "UN", "ZZ", "XA", "QO"})
    assert {"CN", "DE", "HK", "TW", "US", "VN", "XK"} <= codes
    assert len(codes) == 250, "as many as ISO 3166 has, and Kosovo"


def test_they_are_sorted_as_readers_look_for_them(reader: str) -> None:
    names = [name for _, name in countries()]
    places = [names.index(name) for name in IN_ORDER[reader]]
    assert places == sorted(places)
