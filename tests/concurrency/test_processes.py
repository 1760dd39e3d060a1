"""A real site, `ihome serve` with two web processes: what threads of one process cannot show."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from ihome.kit.db import reading, session
from tests import invariants, make
from tests.concurrency.racing import tally
from tests.orders.asking import count_orders, nights_of, wish
from tests.site_process import inside, running_site

CLIENTS = 50


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # To a server, threads and processes are the same.
def test_fifty_clients_want_one_night_and_one_gets_it(tmp_path, template, database):
    folder = tmp_path / "site"
    shutil.copytree(template, folder)
    with running_site(folder, "--workers", "2", log_level="error") as site, inside(site):
        house = make.house()
        phones = [site.client_of(make.user()) for _ in range(CLIENTS)]
        body, start = wish(house, ahead=10, nights=1), Barrier(CLIENTS)

        def book(phone):
            start.wait(30)
            answer = phone.http.post(
                "/api/v1.0/orders", json=body, headers={"X-CSRFToken": phone.http.cookies["csrf_token"]}
            )
            return answer.status_code, answer.json()["errno"]

        with ThreadPoolExecutor(CLIENTS) as pool:
            outcome = tally(list(pool.map(book, phones)))

        assert outcome == {(200, "0"): 1, (200, "4004"): CLIENTS - 1}
        assert (count_orders(), len(nights_of(house))) == (1, 1)
        with reading():
            invariants.check(session)
