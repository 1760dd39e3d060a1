"""Who is asking, and for whom: names of this site, addresses that proxies forward."""

import pytest

from ihome.kit.browser import client_ip
from tests.browser_double import API

REBOUND = "evil.example"  # A name that resolves to this machine for a moment, so that its pages may read ours.


@pytest.mark.parametrize("settings", [{"demo": "true", "base_url": "http://rent.example.com:5001"}])
class TestNames:
    @pytest.mark.parametrize(
        "host",
        [
            "rent.example.com:5001",
            "rent.example.com",
            "RENT.example.com:9",
            "localhost:5001",
            "127.0.0.1",
            "[::1]:5000",
        ],
    )
    def test_the_site_answers_under_its_own_name_and_those_of_the_machine(self, app, host):
        assert app.test_client().get("/mailbox", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host", [REBOUND, f"{REBOUND}:5001", f"rent.example.com.{REBOUND}", f"localhost@{REBOUND}", "[::1", "", "a b"]
    )
    @pytest.mark.parametrize("path", ["/mailbox", "/", f"{API}/areas", "/static/js/app.js", "/nowhere"])
    def test_and_under_no_other(self, app, host, path):
        answer = app.test_client().get(path, headers={"Host": host})

        assert answer.status_code == 400
        assert "http://rent.example.com:5001" in answer.text

    def test_a_foreign_page_cannot_sign_in_through_a_name_of_its_own(self, app):
        client = app.test_client()
        answer = client.post(
            "/demo/sign-in", headers={"Host": REBOUND, "Origin": f"http://{REBOUND}"}, base_url=f"http://{REBOUND}"
        )

        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers or "session=" not in answer.headers["Set-Cookie"]

    @pytest.mark.parametrize("path", ["/healthz", "/metrics"])
    def test_probes_may_come_by_address(self, app, path):
        assert app.test_client().get(path, headers={"Host": "10.0.0.7:5000"}).status_code == 200


@pytest.mark.parametrize("settings", [{"trusted_proxies": "127.0.0.1 10.0.0.0/8"}])
@pytest.mark.parametrize(
    ("forwarded", "address"),
    [("5.5.5.5", "5.5.5.5"), ("5.5.5.5:1234", "5.5.5.5"), ("[2001:db8::1]:443", "2001:db8::1"),
     ("[2001:db8::1]", "2001:db8::1"), ("2001:DB8::1", "2001:db8::1"), ("9.9.9.9, 5.5.5.5:1, 10.0.0.2:80", "5.5.5.5"),
     ("5.5.5.5, unknown", "127.0.0.1"), ("5.5.5.5, 10.0.0.2, _hidden", "127.0.0.1"), ("junk, 10.0.0.2", "10.0.0.2"),
     ("5.5.5.5,", "127.0.0.1"), ("[", "127.0.0.1"), (":1", "127.0.0.1"), ("", "127.0.0.1"), ("10.0.0.2", "10.0.0.2")],
)  # fmt: skip
def test_what_a_proxy_forwards_is_an_address_or_is_not_taken(app, forwarded, address):
    with app.test_request_context(headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert client_ip() == address
