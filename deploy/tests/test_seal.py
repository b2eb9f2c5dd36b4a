"""A seal for a cluster is one that contracts can be sealed with there."""

from deploy.charts import CHARTS, read
from deploy.seal import NAME, secret
from services.contract.seals import Seal


def test_the_secret_holds_all_a_seal_needs(tmp_path):
    for file, text in secret("Sample Modules Co., Ltd.")["stringData"].items():
        (tmp_path / file).write_text(text)

    assert Seal(tmp_path).signer.subject_name == "Sample Modules Co., Ltd."


def test_every_secret_is_another_one():
    assert secret("A")["stringData"] != secret("A")["stringData"]


def test_the_secret_is_the_one_the_charts_look_for():
    wanted = read(CHARTS / "millrun" / "values.yaml")["global"]["seal"]["secret"]
    assert secret("A")["metadata"]["name"] == NAME == wanted
