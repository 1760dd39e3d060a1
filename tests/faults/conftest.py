"""A running site, a service of the tests' own, a proxy between them, and people."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults.database_servers import SERVERS, DatabaseServer, make_server
from tests.faults.people import People
from tests.faults.proxy import Address, Proxy
from tests.site_process import inside, running_site

Visit = Callable[..., AbstractContextManager[People]]
BACK = 30  # Seconds until all works again.


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


@pytest.fixture(scope="module", params=sorted(SERVERS))
def database_server(request: pytest.FixtureRequest) -> Iterator[DatabaseServer]:
    started = make_server(request.param)
    yield started
    started.end()


@pytest.fixture(scope="module")
def proxy(address: Address) -> Iterator[Proxy]:
    """Before the service; each file says in `address` where that listens."""
    with Proxy(address) as made:
        yield made


@pytest.fixture
def people(site: People, proxy: Proxy) -> Iterator[People]:
    """At the `site` of the file, where all works before each test and again after it."""
    site.persist(BACK)
    yield site
    proxy.heal()
    site.persist(BACK)
    site.check_nothing_lost()
