"""A mail server that is slow, hangs, or is lost when it has the mail: nobody waits, and each mail arrives."""

from collections import Counter

import pytest
from aiosmtpd.controller import Controller

from tests.faults.people import assert_good, eventually
from tests.site_process import free_port

AT_ONCE = 10  # Seconds: no request waits for a mail server.
DELIVERED = 90  # A server has 10 s for each answer; the tries after a failed one come 5 and 15 s later.


class Mailboxes:
    def __init__(self):
        self.taken = Counter()

    async def handle_DATA(self, server, session, envelope):
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture(scope="module")
def mailboxes():
    made = Mailboxes()
    made.controller = Controller(made, hostname="127.0.0.1", port=free_port())
    made.controller.start()
    yield made
    made.controller.stop()


@pytest.fixture(scope="module")
def address(mailboxes):
    return "127.0.0.1", mailboxes.controller.port


@pytest.fixture(scope="module")
def site(proxy, visit):
    with visit(mail_url=f"smtp://127.0.0.1:{proxy.port}?tls=none") as people:
        yield people


@pytest.fixture
def people(site, proxy, mailboxes):
    """Afterwards every mail that was promised has arrived, to landlords too."""
    yield site
    proxy.heal()
    wanted = {*site.promised, site.landlord.email} if site.booked else {*site.promised}
    eventually(lambda: wanted <= mailboxes.taken.keys(), DELIVERED, lambda: wanted - mailboxes.taken.keys())
    site.check_nothing_lost()


def test_a_slow_server(people, proxy):
    proxy.latency(0.3)

    assert_good(people.do(), within=AT_ONCE)


@pytest.mark.parametrize("fault", ["stall", "refuse", "reset"])
def test_a_server_that_hangs_or_is_not_there(people, proxy, fault):
    """The third mail waits for it as little as the first."""
    getattr(proxy, fault)()

    for _ in range(3):
        assert_good(people.do(), within=AT_ONCE)


def test_a_server_that_is_lost_when_it_has_the_mail_gets_it_again(people, proxy, mailboxes):
    lost = proxy.lost
    proxy.lose(b"\r\n.\r\n", delivers=True)
    assert_good({"code": people.ask_for_code()}, within=AT_ONCE)

    eventually(lambda: mailboxes.taken[people.promised[-1]] == 2, DELIVERED, lambda: mailboxes.taken)
    assert proxy.lost == lost + 1


def test_a_server_that_is_lost_before_it_has_the_mail_gets_it_once(people, proxy, mailboxes):
    lost = proxy.lost
    proxy.lose(b"\r\n.\r\n", delivers=False)
    assert_good({"code": people.ask_for_code()}, within=AT_ONCE)

    eventually(lambda: mailboxes.taken[people.promised[-1]] == 1, DELIVERED, lambda: mailboxes.taken)
    assert proxy.lost == lost + 1
