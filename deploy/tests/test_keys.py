"""Keys for a cluster are keys that the processes there understand."""

import json

from deploy.charts import CHARTS, read
from deploy.keys import NAME, secret
from shared.caller import Caller
from shared.tokens import PRIVATE, Keys, Verifier, mint


def test_what_one_file_of_the_secret_signs_the_other_verifies(tmp_path):
    for file, text in secret()["stringData"].items():
        (tmp_path / file).write_text(text)
    caller = Caller(
        account="accounts/ann", display_name="Ann", enterprise="acme", roles=frozenset()
    )
    token = mint(caller, key=Keys.load(tmp_path))
    (tmp_path / PRIVATE).unlink()
    assert Verifier(tmp_path).caller(token) == caller


def test_every_secret_is_another_one():
    assert secret()["stringData"] != secret()["stringData"]


def test_the_secret_is_the_one_the_charts_look_for():
    made = json.loads(json.dumps(secret()))
    wanted = read(CHARTS / "millrun" / "values.yaml")["global"]["keys"]["secret"]
    assert made["metadata"]["name"] == NAME == wanted
