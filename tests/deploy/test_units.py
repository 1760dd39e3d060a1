"""deploy/systemd and deploy/ihome.env: what systemd and the program themselves say of them."""

import re
import shutil
import subprocess
import sys

import pytest

from ihome.config import Config, load
from tests.conftest import missing
from tests.deploy.front import production
from tests.site_process import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
ENV = ROOT / "deploy/ihome.env"


@pytest.fixture(params=UNITS, ids=lambda path: path.name)
def unit(request, tmp_path):
    """The unit with the commands of this checkout."""
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze")
    text = request.param.read_text()
    assert "ExecStart=/srv/ihome/current/.venv/bin/python -m " in text  # Scripts name the python of their own release.
    made = tmp_path / request.param.name
    made.write_text(text.replace("/srv/ihome/current/.venv/bin/", f"{sys.prefix}/bin/"))
    return made


def analyze(*words):
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True)


def test_systemd_understands_the_units(unit):
    found = analyze("verify", "--man=no", unit)

    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_the_units_may_do_little(unit):
    """systemd's own mark, from 0, locked up, to 10."""
    found = analyze("security", "--offline=true", "--threshold=20", unit)

    assert found.returncode == 0, found.stdout


def test_the_example_of_settings_names_every_one():
    named = re.findall(r"^IHOME_([A-Z_]+)=", ENV.read_text(), re.MULTILINE)

    assert sorted(name.lower() for name in named) == sorted(Config.model_fields)


def test_the_example_is_a_production_site_when_it_is_filled_in(tmp_path):
    filled = {f"IHOME_{name.upper()}": value for name, value in production(tmp_path, "", tmp_path).items() if value}
    for kept in ("IHOME_STORAGE_URL", "IHOME_MAIL_URL", "IHOME_PAYMENT_URL", "IHOME_TRUSTED_PROXIES", "IHOME_ENV"):
        del filled[kept]

    config = load(filled | {"IHOME_ENV_FILE": str(ENV)})

    assert config.is_production
    assert config.storage == "file:///srv/ihome/media"
    assert str(config.instance) == "/srv/ihome/instance"
