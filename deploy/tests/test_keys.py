"""Keys for a cluster are keys that the processes there understand."""

import json
from base64 import b64encode

from deploy.charts import CHARTS, read
from deploy.keys import NAME, following, secret
from shared.caller import Caller
from shared.encryption import FILE
from shared.tokens import PRIVATE, PUBLIC, Keys, Verifier, mint


def test_what_one_file_of_the_secret_signs_the_other_verifies(tmp_path):
    for file, text in secret()["stringData"].items():
        (tmp_path / file).write_text(text)
    caller = Caller(
        account="accounts/ann", display_name="Ann", enterprise="acme", roles=frozenset()
    )
    token = mint(caller, key=Keys.load(tmp_path))
    (tmp_path / PRIVATE).unlink()
    assert Verifier(tmp_path).caller(token) == caller


def test_the_next_key_is_published_beside_the_one_that_signs(tmp_path):
    first = secret()
    encoded = {file: b64encode(text.encode()) for file, text in first["stringData"].items()}
    both = following({"metadata": {"name": NAME}, "data": encoded})
    for file, text in both["stringData"].items():
        (tmp_path / file).write_text(text)

    assert len(json.loads(both["stringData"][PUBLIC])["keys"]) == 2
    assert json.loads(first["stringData"][PUBLIC])["keys"][0]["kid"] == Keys.load(tmp_path).id


def test_a_secret_made_before_secrets_were_encrypted_gets_a_key_for_them(tmp_path):
    first = secret()["stringData"]
    old = {file: b64encode(first[file].encode()) for file in (PUBLIC, PRIVATE)}
    made = following({"metadata": {"name": NAME}, "data": old})["stringData"]
    both = {file: b64encode(text.encode()) for file, text in made.items()}
    again = following({"metadata": {"name": NAME}, "data": both})["stringData"]

    assert json.loads(again[FILE])["keys"][1:] == json.loads(made[FILE])["keys"]
    assert len(json.loads(made[FILE])["keys"]) == 1


def test_every_secret_is_another_one():
    assert secret()["stringData"] != secret()["stringData"]


def test_the_secret_is_the_one_the_charts_look_for():
    made = json.loads(json.dumps(secret()))
    wanted = read(CHARTS / "millrun" / "values.yaml")["global"]["keys"]["secret"]
    assert made["metadata"]["name"] == NAME == wanted
