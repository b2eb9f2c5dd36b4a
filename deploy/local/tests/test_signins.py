"""Who can sign in is written down before the account is made, and never read by others."""

from pathlib import Path

import pytest

from deploy.local.signins import SignIn, SignIns, SignInsUnreadable
from shared.caller import STAFF_ROLES, Role


def test_everybody_the_vendor_needs_gets_an_account_and_a_password_of_their_own(
    tmp_path: Path,
) -> None:
    pending = SignIns(tmp_path / "sign-ins.json").pending()
    assert {sign_in.role for sign_in in pending} == {role.value for role in STAFF_ROLES}
    assert len({sign_in.password for sign_in in pending}) == len(pending)
    assert all(len(sign_in.password) >= 16 for sign_in in pending)
    assert (tmp_path / "sign-ins.json").stat().st_mode & 0o777 == 0o600


def test_a_start_that_was_cut_short_goes_on_with_the_same_passwords(tmp_path: Path) -> None:
    first = SignIns(tmp_path / "sign-ins.json")
    made, *rest = first.pending()
    first.made(made)
    again = SignIns(tmp_path / "sign-ins.json")
    assert again.pending() == rest
    assert again.of(Role(made.role)).password == made.password


def test_customers_are_kept_beside_the_staff(tmp_path: Path) -> None:
    sign_ins = SignIns(tmp_path / "sign-ins.json")
    sign_ins.pending()
    buyer = SignIn(
        role="buyer", display_name="B", email="b@acme.example", password="p", enterprise="Acme"
    )
    sign_ins.add(buyer)
    assert buyer in list(SignIns(tmp_path / "sign-ins.json"))
    with pytest.raises(LookupError):
        sign_ins.of(Role.BUYER)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'[{"email": "b@acme.exam',
        b"\xff\x00",
        b"7",
        b'["b@acme.example"]',
        b'[{"email": "b@acme.example"}]',
        b'[{"role": "buyer", "display_name": "B", "email": null, "password": 7}]',
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do_about_it(tmp_path: Path, content: bytes) -> None:
    stored = tmp_path / "sign-ins.json"
    stored.write_bytes(content)
    with pytest.raises(SignInsUnreadable, match=r"sign-ins\.json is damaged") as refused:
        SignIns(stored)
    assert "move it away and start again" in refused.value.remedy
    assert stored.read_bytes() == content, "what can still be rescued is not overwritten"
