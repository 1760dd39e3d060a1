"""What the sandbox gateway refuses: whatever the merchant did not sign, and all that is no request."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest

from ihome.config import config
from ihome.kit.crypto import keyed_hash
from ihome.payments.providers.alipay import errors, rsa2
from ihome.payments.providers.alipay.client import read_answer
from ihome.payments.providers.sandbox import keys

GATEWAY = "/sandbox/gateway.do"


@pytest.fixture
def payer(app):
    return app.test_client()


def signed(content, method="alipay.trade.query", **more):
    params = {"app_id": keys.APP_ID, "method": method, "charset": "utf-8", "sign_type": "RSA2", "version": "1.0"}
    params |= {"biz_content": content if isinstance(content, str) else json.dumps(content)} | more
    return params | {"sign": rsa2.sign(params, keys.sandbox_keys().merchant)}


def refusal(answer, method="alipay.trade.query"):
    """The gateway's signed no."""
    assert answer.status_code == 200
    with pytest.raises(errors.GatewayRefused) as refused:
        read_answer(method, answer.data, keys.sandbox_keys().gateway.public_key())
    return refused.value.code, refused.value.sub_code


def test_what_the_merchant_did_not_sign_is_refused(payer):
    good = signed({"out_trade_no": "A1"})
    assert refusal(payer.post(GATEWAY, data=good)) == ("40004", "ACQ.TRADE_NOT_EXIST")

    foreign = good | {"sign": rsa2.sign(good, keys.sandbox_keys().gateway)}
    for bad in (foreign, good | {"biz_content": '{"out_trade_no":"A2"}'}, good | {"more": "1"}, good | {"sign": "锁"}):
        assert refusal(payer.post(GATEWAY, data=bad)) == ("40002", "isv.invalid-signature")
    assert refusal(payer.post(GATEWAY, data=good | {"sign": ""})) == ("40002", "isv.missing-signature")
    twice = payer.post(f"{GATEWAY}?biz_content=x", data=good)
    assert refusal(twice) == ("40002", "isv.invalid-parameter")


def test_a_changed_pay_link_opens_no_cashier(payer):
    cheaper = json.dumps(PAYABLE | {"total_amount": "0.01"})

    page = payer.get(GATEWAY, query_string=signed_pay(PAYABLE) | {"biz_content": cheaper})

    assert page.status_code == 400
    assert "isv.invalid-signature" in page.text
    assert refusal(payer.post(GATEWAY, data=signed({"out_trade_no": "A1"}))) == ("40004", "ACQ.TRADE_NOT_EXIST")


def test_nobody_knows_these_methods_and_apps(payer):
    for method in ("", "alipay.trade.precreate", "x" * 9999, "\0", "锁"):
        assert refusal(payer.post(GATEWAY, data=signed({}, method))) == ("40002", "isv.invalid-method")
    assert refusal(payer.get(GATEWAY)) == ("40002", "isv.invalid-method")
    assert refusal(payer.get(GATEWAY, query_string=signed({}, app_id="1"))) == ("40002", "isv.invalid-app-id")


GARBAGE = ["", "{", "[]", "null", "1", '"x"', "[" * 20000, "9" * 5000, "NaN", "\0", '{"out_trade_no":{}}', "锁"]
ODD_NUMBERS = ["", "a\0b", "\ud800", "x" * 65, "a b", "锁", None, True, 1.5, [], {}, 10**400]
ODD_AMOUNTS = [
    "",
    "0",
    "0.00",
    "-1",
    "1.234",
    "1e3",
    "NaN",
    "一",
    "\0",
    "1" * 400,
    "100000000.01",
    None,
    True,
    [],
    1e400,
]
PAYABLE = {"out_trade_no": "A1", "total_amount": "1.00", "subject": "x"}


def test_garbage_is_refused_and_nothing_breaks(payer):
    contents = [*GARBAGE, *({"out_trade_no": number} for number in ODD_NUMBERS)]
    for method in ("alipay.trade.query", "alipay.trade.close", "alipay.trade.refund"):
        for content in contents:
            answer = payer.post(GATEWAY, data=signed(content, method))
            assert refusal(answer, method) == ("40002", "isv.invalid-parameter")
    for amount in ODD_AMOUNTS:
        content = {"out_trade_no": "A1", "out_request_no": "R1", "refund_amount": amount}
        answer = payer.post(GATEWAY, data=signed(content, "alipay.trade.refund"))
        assert refusal(answer, "alipay.trade.refund") == ("40002", "isv.invalid-parameter")
    for more in ({"sign_type": "RSA"}, {"charset": "gbk"}, {"version": ""}):
        assert refusal(payer.post(GATEWAY, data=signed({}, **more)))[0] == "40002"


def test_garbage_in_a_pay_link_is_a_page_that_says_so(payer):
    times = ["", "tomorrow", "0001-01-01 00:00:00", "2026-13-01 00:00:00", "2026-05-01", 5, "2\0"]
    urls = ["javascript:alert(1)", "//host/x", "http://", "http://[", "http://a b/", "ftp://a/", "http://a/\r\nX: y",
            "http://a:x/", "http://a/" + "x" * 600, "http://锁/"]  # fmt: skip
    subjects = ["", "\0", "x" * 257, {}, None]
    wrong = [
        *map(signed_pay, GARBAGE),
        *(signed_pay(PAYABLE | {"out_trade_no": number}) for number in ODD_NUMBERS),
        *(signed_pay(PAYABLE | {"total_amount": amount}) for amount in ODD_AMOUNTS),
        *(signed_pay(PAYABLE | {"time_expire": time}) for time in times),
        *(signed_pay(PAYABLE | {"subject": subject}) for subject in subjects),
        *(signed_pay(PAYABLE | {"quit_url": url}) for url in urls),
        *(signed_pay(PAYABLE, return_url=url) for url in urls),
        *(signed_pay(PAYABLE, notify_url=url) for url in urls),
    ]
    for params in wrong:
        assert payer.post(GATEWAY, data=params).status_code == 400, params
    assert payer.get(GATEWAY, query_string=signed_pay(PAYABLE)).status_code == 302


def signed_pay(content, **more):
    return signed(content, "alipay.trade.page.pay", **more)


@pytest.mark.parametrize("name", ["0", "x" * 3000, "%ff%fe", "%ED%A0%80", "１", "'--"])
def test_a_cashier_that_is_not_there(payer, name):
    path, token = f"/sandbox/cashier/{name}", keyed_hash(config().secret_key, "sandbox", unquote(name))

    assert payer.get(path).status_code == 404
    assert payer.post(path, data={"token": "x"}).status_code == 400
    assert payer.post(path, data={"token": token}).status_code in (400, 404)


def test_many_browsers_that_open_one_link_at_once_open_one_trade(app):
    link = signed_pay(PAYABLE)

    def follow(_):
        return app.test_client().get(GATEWAY, query_string=link).headers["Location"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(follow, range(8)))) == 1


def test_what_is_too_large_or_no_text_is_refused(payer):
    good = signed({"out_trade_no": "A1"})

    for raw in ("method=%ff%fe&sign=%00", "method=\xff\xfe", "a&&=&=b", "method=%ED%A0%80"):
        assert refusal(payer.get(f"{GATEWAY}?{raw}"))[0] == "40002"
    assert refusal(payer.post(GATEWAY, data=good | {"biz_content": "x" * 300_000}))[0] == "40002"
    body = payer.post(GATEWAY, data=b"\xff\0", content_type="multipart/form-data; boundary=\xff")
    assert refusal(body)[0] == "40002"
    assert payer.post(GATEWAY, data=b"\xff=%00", content_type="application/x-www-form-urlencoded").status_code == 200


# --- keys -----------------------------------------------------------------------------------------------------------


def test_processes_that_start_together_have_the_same_keys(tmp_path):
    script = (
        "import sys; from pathlib import Path; from ihome.payments.providers.sandbox import keys;"
        "k = keys._keys(Path(sys.argv[1]));"
        "print(k.merchant.private_numbers().d, k.gateway.private_numbers().d)"
    )
    folder = tmp_path / "sandbox-keys"
    started = [subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE) for _ in range(4)]

    assert len({process.communicate()[0] for process in started}) == 1
    assert sorted((path.name, oct(path.stat().st_mode)[-3:]) for path in folder.iterdir()) == [
        ("gateway.pem", "600"),
        ("merchant.pem", "600"),
    ]
