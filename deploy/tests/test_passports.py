"""A passport key for a cluster is one that orders can be signed with there."""

from base64 import b64encode

from deploy.charts import CHARTS, read
from deploy.passports import NAME, secret
from services.ordering.passport_keys import public_keys, signer
from shared.passport import prove


def laid_out(made, folder):
    for file, text in made["stringData"].items():
        (folder / file).write_text(text)
    return folder


def test_the_secret_holds_what_signs_and_what_proves(tmp_path):
    laid_out(secret(), tmp_path)
    signed = signer(tmp_path).sign(b"an order")
    assert prove(b"an order", signed, {"keys": public_keys(tmp_path)})


def test_the_next_key_signs_and_the_one_before_stays_published(tmp_path):
    signed = signer(laid_out(secret(), tmp_path)).sign(b"an order")
    files = {file.name: b64encode(file.read_bytes()).decode() for file in tmp_path.iterdir()}
    laid_out(secret({"data": files}), tmp_path)

    assert prove(b"an order", signed, {"keys": public_keys(tmp_path)}) != signer(tmp_path).key_id


def test_the_secret_is_the_one_the_charts_look_for():
    wanted = read(CHARTS / "millrun" / "values.yaml")["global"]["passports"]["secret"]
    assert secret()["metadata"]["name"] == NAME == wanted
