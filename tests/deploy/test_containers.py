"""deploy/compose.yaml and the Dockerfile agree with the program; no engine is asked."""

import re

import yaml

from ihome.config import Config
from tests.site_process import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def test_every_setting_of_a_container_exists():
    named = {name for service in SERVICES.values() for name in service.get("environment", {}) if "IHOME_" in name}
    in_image = set(re.findall(r"(IHOME_[A-Z_]+)=", (ROOT / "deploy/Dockerfile").read_text()))

    assert named
    assert {name.removeprefix("IHOME_").lower() for name in named | in_image} <= set(Config.model_fields)


def test_every_image_of_ours_is_a_part_of_the_dockerfile():
    wanted = {service["build"]["target"] for service in SERVICES.values() if "build" in service}

    assert wanted == set(re.findall(r" AS (\w+)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)) - {"build"}


def test_nginx_finds_the_folders_where_the_site_has_them():
    text = (ROOT / "deploy/nginx/ihome.conf").read_text()
    mounted = {
        name: dict(one.split(":")[:2] for one in SERVICES[name]["volumes"]) for name in ("front", "web", "worker")
    }

    for folder in ("media", "private"):
        assert f"/srv/ihome/{folder};" in text
        assert {found[folder] for found in mounted.values()} == {f"/srv/ihome/{folder}"}
    assert SERVICES["web"]["environment"]["IHOME_PRIVATE"] == "/srv/ihome/private"


def test_nginx_trusts_nobody_and_the_site_trusts_the_network_of_nginx():
    subnet = COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]

    assert SERVICES["web"]["environment"]["IHOME_TRUSTED_PROXIES"] == subnet
    assert "ports" not in SERVICES["web"]  # Whoever reached it directly would be believed.
