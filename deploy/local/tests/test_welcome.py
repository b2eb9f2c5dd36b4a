"""What a start tells whoever sits there."""

from pathlib import Path

from deploy.local.signins import SignIn, SignIns
from deploy.local.state import State
from deploy.local.welcome import what_now


def test_people_are_told_by_what_they_do_in_words(tmp_path: Path) -> None:
    state = State(tmp_path)
    sign_ins = SignIns(state.sign_ins)
    for role in ("rnd", "enterprise_finance", "buyer"):
        email = f"{role}@acme.example"
        sign_ins.add(
            SignIn(
                role=role,
                display_name=role.title(),
                email=email,
                password="x",
                enterprise="Acme",
            )
        )
    said = "\n".join(what_now(state, portal="http://portal", console="http://console"))
    for role in ("Rnd, R&D", "Enterprise_Finance, finance", "Buyer, buyer"):
        assert f"Portal, Acme: {role}" in said
