"""A running site, services of the test's own, and a proxy between them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults.people import People
from tests.site_process import inside, running_site

Visit = Callable[..., AbstractContextManager[People]]


@pytest.fixture(scope="session")
def visit(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Visit:
    """`with visit(redis_url=…) as people:` a site with these settings, and people at it.

    `directly` are settings with which the test itself gets at the site's data, past the proxy.
    """

    @contextmanager
    def start(
        *options: str, folder: Path | None = None, directly: dict[str, str] | None = None, **settings: str
    ) -> Iterator[People]:
        instance = folder or tmp_path_factory.mktemp("site")
        shutil.copytree(template, instance, dirs_exist_ok=True)
        settings = {"log_level": "warning", "trusted_proxies": "127.0.0.1"} | settings
        with running_site(instance, *options, **settings) as site, inside(site, **(directly or {})):
            yield People(site)

    return start
