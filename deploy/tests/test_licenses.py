"""A licence key for a cluster is one that codes can be sealed with there."""

from base64 import b64encode

from deploy.charts import CHARTS, read
from deploy.licenses import NAME, secret
from services.fulfillment.license_keys import vault

PLACE = "enterprises/acme/licenseIssues/i1/1"


def laid_out(made, folder):
    for file, text in made["stringData"].items():
        (folder / file).write_text(text)
    return vault(folder)


def test_the_next_key_is_added_and_the_one_before_still_opens(tmp_path):
    first = laid_out(secret(), tmp_path)
    sealed, known = first.seal("KEY-0000-0001", place=PLACE), first.fingerprint("KEY-0000-0001")
    files = {file.name: b64encode(file.read_bytes()).decode() for file in tmp_path.iterdir()}
    next_one = laid_out(secret({"data": files}), tmp_path)

    assert next_one.open(sealed, place=PLACE) == "KEY-0000-0001"
    assert next_one.fingerprint("KEY-0000-0001") == known
    assert len(next_one.keys.keys()) == 2


def test_the_secret_is_the_one_the_charts_look_for():
    wanted = read(CHARTS / "millrun" / "values.yaml")["global"]["licenses"]["secret"]
    assert secret()["metadata"]["name"] == NAME == wanted
