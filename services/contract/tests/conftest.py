"""What the tests of contract stand on."""

from pathlib import Path

import pytest

from services.contract.seal_keys import generate
from services.contract.settings import ContractSettings
from services.contract.tests.office import Office
from shared.testing.packages import chinese_font


@pytest.fixture(scope="session")
def seal_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a seal made for this run."""
    folder = tmp_path_factory.mktemp("seal")
    generate(folder, "Sample Modules Co., Ltd.")
    return folder


@pytest.fixture(scope="session")
def printing(seal_folder: Path) -> ContractSettings:
    """Return the settings documents are made with."""
    chinese_font()
    return ContractSettings(seal=seal_folder)


@pytest.fixture
def office(databases, serving, seal_folder) -> Office:
    """Return the service, with one order confirmed."""
    return Office(databases, serving, seal_folder)
