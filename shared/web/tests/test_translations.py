"""Every sentence of every page exists in every language."""

import re

from shared.caller import Role
from shared.web import text
from shared.web.site import FOLDER
from shared.web.translations import missing


def test_every_sentence_is_translated() -> None:
    assert missing("zh") == {}, "`python -m shared.web.translations` prints what to fill in"


def test_a_sentence_without_a_translation_is_noticed() -> None:
    assert "Sign in" in missing("xx")


def test_every_state_and_role_has_a_word() -> None:
    tones = (FOLDER / "templates" / "ui.html").read_text().partition("{% set tones = {")[2]
    states = re.findall(r'"([A-Z_]+)":', tones.partition("%}")[0])
    text.load([FOLDER])
    chosen = text.language.set("zh")
    try:
        for name in [*states, *(role.name for role in Role)]:
            english = name.replace("_", " ").capitalize()
            assert text.gettext(english) != english, name
    finally:
        text.language.reset(chosen)
    assert len(states) > 40
