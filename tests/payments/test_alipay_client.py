"""The Alipay client against a gateway on a real socket, with python-alipay-sdk as the second opinion."""

import base64
import json
import pickle
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from ihome.payments.providers.alipay import errors, rsa2
from ihome.payments.providers.alipay.client import AlipayClient, read_answer
from ihome.payments.providers.alipay.wire import (
    Notice,
    Refund,
    Returned,
    Trade,
    TradeStatus,
    clean_subject,
    fen_to_yuan,
    from_beijing,
    to_beijing,
    yuan_to_fen,
)

APP_ID = "2021000000000001"
SELLER_ID = "2088000000000001"
NOON_UTC = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
NASTY = 'a } "b" { \\" 爱家 🏠 "alipay_trade_query_response":{"code":"10000"} "sign":"x"'
PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL
PKCS8 = serialization.PrivateFormat.PKCS8
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
PLAIN = serialization.NoEncryption()

OUR_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ALIPAY_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(PEM, PKCS1, PLAIN).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(PEM, SPKI).decode()


class Gateway(ThreadingHTTPServer):
    """A small Alipay: one trade store, RSA2 both ways, and whatever misbehaviour a test asks for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/gateway.do"
        self.trades: dict[str, dict[str, str]] = {}
        self.refunds: dict[tuple[str, str], int] = {}
        self.requests: list[dict[str, str]] = []
        self.connections = 0
        self.hung_up = threading.Event()  # Ends the answers that never come.
        self.misbehave: Callable[[Handler], None] | None = None
        self.sign_first = False
        self.body: dict[str, Any] | None = None  # An answer to give instead of the true one.

    def add(self, number: str, yuan: str = "12.34", status: str = "TRADE_SUCCESS", **more: str) -> None:
        self.trades[number] = {
            "out_trade_no": number,
            "trade_no": f"2026{number}",
            "trade_status": status,
            "total_amount": yuan,
        } | more

    def answer(self, params: dict[str, str]) -> str:
        name = params["method"].replace(".", "_") + "_response"
        if not rsa2.verify_request(params, params.get("sign"), OUR_KEY.public_key()):
            return json.dumps({name: {"code": "40002", "msg": "x", "sub_code": "isv.invalid-signature"}})
        body = self.body or self.do(params["method"], json.loads(params["biz_content"]))
        raw = json.dumps(body, ensure_ascii=False)
        signature = json.dumps(rsa2.sign_text(raw, ALIPAY_KEY))
        if self.sign_first:
            return f'{{ "sign" : {signature},\n "{name}" : {raw} }}'
        return f'{{"{name}":{raw},"sign":{signature}}}'

    def do(self, method: str, asked: dict[str, str]) -> dict[str, str]:
        trade = self.trades.get(asked["out_trade_no"])
        if trade is None:
            return failed("ACQ.TRADE_NOT_EXIST")
        good = {"code": "10000", "msg": "Success", "out_trade_no": trade["out_trade_no"]}
        good["trade_no"] = trade["trade_no"]
        if method == "alipay.trade.query":
            return good | trade
        if method == "alipay.trade.close":
            if trade["trade_status"] != "WAIT_BUYER_PAY":
                return failed("ACQ.TRADE_STATUS_ERROR")
            trade["trade_status"] = "TRADE_CLOSED"
            return good
        key = (asked["out_trade_no"], asked["out_request_no"])
        if method == "alipay.trade.refund":
            fen = yuan_to_fen(asked["refund_amount"])
            if self.refunds.get(key, fen) != fen:
                return failed("ACQ.DISCORDANT_REPEAT_REQUEST")
            new = key not in self.refunds
            self.refunds[key] = fen
            total = sum(amount for (number, _), amount in self.refunds.items() if number == key[0])
            return good | {"refund_fee": fen_to_yuan(total), "fund_change": "Y" if new else "N"}
        assert method == "alipay.trade.fastpay.refund.query"
        if key not in self.refunds:
            return {"code": "10000", "msg": "Success"}
        found = {"refund_amount": fen_to_yuan(self.refunds[key]), "refund_status": "REFUND_SUCCESS"}
        return good | found | {"out_request_no": key[1]}


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded;charset=utf-8"
        assert urlsplit(self.path).query == "charset=utf-8"
        self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def do_GET(self) -> None:  # The SDK asks so.
        self.reply(urlsplit(self.path).query)

    def reply(self, form: str) -> None:
        params = dict(parse_qsl(form, strict_parsing=True))
        self.server.requests.append(params)
        if self.server.misbehave:
            self.server.misbehave(self)
        else:
            self.send(200, self.server.answer(params).encode())

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def failed(sub_code: str, code: str = "40004") -> dict[str, str]:
    return {"code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "不行"}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.hung_up.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[AlipayClient]:
    client = AlipayClient(gateway.url, APP_ID, SELLER_ID, OUR_KEY, ALIPAY_KEY.public_key())
    yield client
    client.disconnect()


@pytest.fixture
def another(client: AlipayClient) -> Iterator[Callable[..., AlipayClient]]:
    """The client with something changed."""
    made: list[AlipayClient] = []

    def make(**changed: Any) -> AlipayClient:
        made.append(replace(client, **changed))
        return made[-1]

    yield make
    for each in made:
        each.disconnect()


@pytest.fixture(scope="session")
def make_sdk() -> Callable[[rsa.RSAPrivateKey, rsa.RSAPrivateKey], Any]:
    """python-alipay-sdk with (whose key signs, whose signatures it verifies)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from alipay import AliPay

    def make(signs: rsa.RSAPrivateKey, verifies: rsa.RSAPrivateKey) -> Any:
        keys = {"app_private_key_string": pem(signs), "alipay_public_key_string": public_pem(verifies)}
        return AliPay(appid=APP_ID, sign_type="RSA2", **keys)

    return make


def page_pay(client: AlipayClient, **changed: Any) -> dict[str, str]:
    """The signed parameters of a pay link."""
    values = {
        "out_trade_no": "ih_1",
        "amount_fen": 1234,
        "subject": NASTY,
        "return_url": "https://ihome.test/payComplete.html",
        "notify_url": "https://ihome.test/notify",
        "expires_at": NOON_UTC,
    }
    address = client.page_pay_url(**(values | changed))
    assert address.startswith(client.gateway_url + "?")
    return dict(parse_qsl(urlsplit(address).query, strict_parsing=True))


def notice(**changed: str) -> dict[str, str]:
    params = {
        "notify_id": "n1",
        "notify_type": "trade_status_sync",
        "app_id": APP_ID,
        "seller_id": SELLER_ID,
        "out_trade_no": "ih_1",
        "trade_no": "2026ih_1",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": "12.34",
        "subject": NASTY,
        "gmt_payment": "2026-05-01 20:00:00",
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
    } | changed
    return params | {"sign": rsa2.sign_notice(params, ALIPAY_KEY)}


def returned(**changed: str) -> dict[str, str]:
    params = {
        "method": "alipay.trade.page.pay.return",
        "app_id": APP_ID,
        "auth_app_id": APP_ID,
        "seller_id": SELLER_ID,
        "out_trade_no": "ih_1",
        "trade_no": "2026ih_1",
        "total_amount": "12.34",
        "timestamp": "2026-05-01 20:00:00",
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
    } | changed
    return params | {"sign": rsa2.sign_notice(params, ALIPAY_KEY)}


# Amounts and times


@given(st.integers(min_value=0, max_value=10**13))
def test_an_amount_comes_back_as_it_went(fen):
    assert yuan_to_fen(fen_to_yuan(fen)) == fen


@given(st.decimals(min_value=0, max_value=10**10, places=2))
def test_two_decimals_are_read_exactly(yuan):
    assert yuan_to_fen(str(yuan)) == int(yuan.scaleb(2))


@pytest.mark.parametrize(("text", "fen"), [("12.34", 1234), ("12.3", 1230), ("12", 1200), ("0.07", 7)])
def test_short_amounts(text, fen):
    assert yuan_to_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "12.345", "12.340", "-1", "+1", "1e3", "NaN", "1,000", "1_0", "１２", "12.", ".5", " 1", "1\n"],
)
def test_odd_amounts_are_refused(text):
    with pytest.raises(ValueError):
        yuan_to_fen(text)


def test_no_negative_amount_is_written():
    with pytest.raises(ValueError):
        fen_to_yuan(-1)


def test_times_are_beijings_and_come_back():
    assert to_beijing(NOON_UTC) == "2026-05-01 20:00:00"
    assert to_beijing(NOON_UTC.astimezone(timezone(timedelta(hours=-5)))) == "2026-05-01 20:00:00"
    assert from_beijing("2026-05-01 20:00:00") == NOON_UTC
    with pytest.raises(ValueError):
        to_beijing(NOON_UTC.replace(tzinfo=None))


# Keys and signatures


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
def test_private_keys_load_as_pem_and_as_bare_base64(form):
    text = OUR_KEY.private_bytes(PEM, form, PLAIN).decode()
    bare = base64.encodebytes(OUR_KEY.private_bytes(DER, form, PLAIN)).decode()

    for key in (text, "\n" + text, bare, bare.replace("\n", "")):
        assert rsa2.load_private_key(key).private_numbers() == OUR_KEY.private_numbers()


@pytest.mark.parametrize("form", [SPKI, serialization.PublicFormat.PKCS1])
def test_public_keys_load_as_pem_and_as_bare_base64(form):
    public = ALIPAY_KEY.public_key()
    text = public.public_bytes(PEM, form).decode()
    bare = base64.b64encode(public.public_bytes(DER, form)).decode()

    for key in (text, bare, bare + "\n"):
        assert rsa2.load_public_key(key).public_numbers() == public.public_numbers()


def test_other_keys_are_refused():
    curve = ec.generate_private_key(ec.SECP256R1())
    encrypted = OUR_KEY.private_bytes(PEM, PKCS8, serialization.BestAvailableEncryption(b"secret"))
    for text in ("", "nonsense", curve.private_bytes(PEM, PKCS8, PLAIN).decode(), encrypted.decode()):
        with pytest.raises(ValueError):
            rsa2.load_private_key(text)
    for text in ("", "nonsense", curve.public_key().public_bytes(PEM, SPKI).decode(), pem(OUR_KEY)):
        with pytest.raises(ValueError):
            rsa2.load_public_key(text)


def test_what_is_signed_is_sorted_and_without_empty_values():
    params = {"b": "2", "sign_type": "RSA2", "a": "1=&", "empty": "", "sign": "x"}

    assert rsa2.canonical(params) == "a=1=&&b=2&sign_type=RSA2"
    assert rsa2.canonical(params, without=rsa2.NOTICE_WITHOUT) == "a=1=&&b=2"


@pytest.mark.parametrize("garbage", [None, "", "?", "爱家", "AAAA", "A", 7, b"AAAA"])
def test_a_garbage_signature_is_just_wrong(garbage):
    assert rsa2.verify({"a": "1"}, garbage, ALIPAY_KEY.public_key()) is False
    assert rsa2.verify_request({"a": "1"}, garbage, ALIPAY_KEY.public_key()) is False
    assert rsa2.verify({"a": "\ud800"}, "AAAA", ALIPAY_KEY.public_key()) is False


# The SDK's opinion


def test_the_sdk_verifies_our_requests(client, make_sdk):
    params = page_pay(client)
    signature = params.pop("sign")
    text = "&".join(f"{key}={value}" for key, value in sorted(params.items()))

    assert make_sdk(OUR_KEY, OUR_KEY)._verify(text, signature)


def test_we_verify_the_requests_the_sdk_signs(make_sdk):
    sdk = make_sdk(OUR_KEY, ALIPAY_KEY)
    form = sdk.api_alipay_trade_page_pay(NASTY, "ih_1", "12.34", notify_url="https://ihome.test/n?a=b&c=d")
    params = dict(parse_qsl(form, strict_parsing=True))

    assert rsa2.verify_request(params, params["sign"], OUR_KEY.public_key())
    assert not rsa2.verify_request(params | {"sign_type": "RSA"}, params["sign"], OUR_KEY.public_key())


def test_the_sdk_verifies_the_notices_we_sign(make_sdk):
    params = notice()
    signature = params.pop("sign")

    assert make_sdk(OUR_KEY, ALIPAY_KEY).verify(dict(params), signature)
    assert not make_sdk(OUR_KEY, ALIPAY_KEY).verify(params | {"total_amount": "0.01"}, signature)


@pytest.mark.parametrize("more", [{}, {"passback_params": ""}])
def test_we_verify_the_notices_the_sdk_signs(client, make_sdk, more):
    params = notice(**more)
    facts = {key: value for key, value in params.items() if key not in ("sign", "sign_type")}
    form = make_sdk(ALIPAY_KEY, OUR_KEY).sign_data(facts)
    (signature,) = parse_qs(form)["sign"]

    assert client.verify_notice(params | {"sign": signature}).amount_fen == 1234


def test_we_read_the_answers_the_sdk_signs(make_sdk):
    raw = json.dumps({"code": "10000", "subject": NASTY}, ensure_ascii=False)
    signature = make_sdk(ALIPAY_KEY, OUR_KEY)._sign(raw)
    answer = f'{{"alipay_trade_query_response":{raw},"sign":"{signature}"}}'.encode()

    assert read_answer("alipay.trade.query", answer, ALIPAY_KEY.public_key())["subject"] == NASTY


def test_the_sdk_is_served_by_a_gateway_built_on_our_signatures(gateway, make_sdk):
    gateway.add("ih_1", subject="爱家")
    sdk = make_sdk(OUR_KEY, ALIPAY_KEY)
    sdk._gateway = gateway.url

    assert sdk.api_alipay_trade_query("ih_1")["total_amount"] == "12.34"


# Pay links


def test_a_pay_link_says_what_alipay_needs(another):
    client = another(clock=lambda: NOON_UTC)
    params = page_pay(client)
    content = json.loads(params.pop("biz_content"))

    assert rsa2.verify_request(page_pay(client), page_pay(client)["sign"], OUR_KEY.public_key())
    assert params.pop("sign")
    assert params == {
        "app_id": APP_ID,
        "method": "alipay.trade.page.pay",
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": "2026-05-01 20:00:00",
        "version": "1.0",
        "return_url": "https://ihome.test/payComplete.html",
        "notify_url": "https://ihome.test/notify",
    }
    assert content == {
        "out_trade_no": "ih_1",
        "total_amount": "12.34",
        "subject": NASTY,
        "time_expire": "2026-05-01 20:00:00",
        "product_code": "FAST_INSTANT_TRADE_PAY",
    }


def test_a_phone_gets_the_cashier_for_phones(client):
    urls = {"return_url": "https://ihome.test/r", "notify_url": "", "quit_url": "https://ihome.test/q"}
    address = client.wap_pay_url("ih_1", 100, "爱家", expires_at=NOON_UTC, **urls)
    params = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
    content = json.loads(params["biz_content"])

    assert params["method"] == "alipay.trade.wap.pay"
    assert "notify_url" not in params
    assert content["product_code"] == "QUICK_WAP_WAY"
    assert content["quit_url"] == "https://ihome.test/q"
    assert rsa2.verify_request(params, params["sign"], OUR_KEY.public_key())


def test_the_timestamp_is_beijings_on_a_server_anywhere(client, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        written = from_beijing(page_pay(client)["timestamp"])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert abs(datetime.now(UTC) - written) < timedelta(seconds=5)


def test_a_title_cannot_forge_the_fields_that_follow_it():
    title = clean_subject(" 海边/山边\n&total_amount=9999.00 " + "长" * 300)

    assert title.startswith("海边／山边 ＆total_amount＝9999.00 长")
    assert len(title) == 256


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"out_trade_no": "ih-1"},
        {"out_trade_no": "x" * 65},
        {"expires_at": NOON_UTC.replace(tzinfo=None)},
    ],
)
def test_a_wrong_pay_link_is_not_made(client, wrong):
    with pytest.raises(ValueError):
        page_pay(client, **wrong)


# Questions


def test_a_paid_trade_is_found(client, gateway):
    gateway.add("ih_1", subject=NASTY, send_pay_date="2026-05-01 20:00:00")

    trade = client.query("ih_1")

    assert trade == Trade("ih_1", "2026ih_1", TradeStatus.TRADE_SUCCESS, 1234, NOON_UTC)
    assert trade.status.is_paid
    (request,) = gateway.requests
    assert json.loads(request["biz_content"]) == {"out_trade_no": "ih_1"}


def test_the_signature_may_come_before_the_answer(client, gateway):
    gateway.sign_first = True
    gateway.add("ih_1", status="WAIT_BUYER_PAY", subject=NASTY)

    trade = client.query("ih_1")

    assert trade == Trade("ih_1", "2026ih_1", TradeStatus.WAIT_BUYER_PAY, 1234, None)
    assert not trade.status.is_paid


def test_an_amount_sent_as_a_number_is_still_exact(client, gateway):
    gateway.add("ih_1")
    gateway.body = gateway.trades["ih_1"] | {"code": 10000, "total_amount": 1234567.89}

    assert client.query("ih_1").amount_fen == 123456789


def test_an_unknown_trade_is_none(client):
    assert client.query("ih_1") is None
    assert client.close("ih_1") is False
    assert client.query_refund("ih_1", "r1") is None
    with pytest.raises(errors.TradeNotExist):
        client.refund("ih_1", "r1", 100, "取消")


def test_only_a_waiting_trade_is_closed(client, gateway):
    gateway.add("ih_1", status="WAIT_BUYER_PAY")
    gateway.add("ih_2", status="TRADE_SUCCESS")

    assert client.close("ih_1") is True
    assert client.query("ih_1").status is TradeStatus.TRADE_CLOSED
    for number in ("ih_1", "ih_2"):
        with pytest.raises(errors.WrongTradeStatus):
            client.close(number)


def test_a_refund_repeated_with_its_number_refunds_once(client, gateway):
    gateway.add("ih_1")

    assert client.refund("ih_1", "r1", 1000, "取消") == Refund(total_refunded_fen=1000, moved_money=True)
    assert client.refund("ih_1", "r1", 1000, "取消") == Refund(total_refunded_fen=1000, moved_money=False)
    assert client.refund("ih_1", "r2", 234, "取消") == Refund(total_refunded_fen=1234, moved_money=True)
    with pytest.raises(errors.WrongRefundAmount):
        client.refund("ih_1", "r1", 999, "取消")
    with pytest.raises(ValueError):
        client.refund("ih_1", "r3", 0, "取消")

    assert client.query_refund("ih_1", "r2") == 234
    assert client.query_refund("ih_1", "r3") is None


def test_only_a_refund_that_succeeded_counts(client, gateway):
    """The code 10000 says that the question was understood, no more."""
    asked = {"out_trade_no": "ih_1", "out_request_no": "r1", "refund_amount": "1.00"}
    gateway.body = {"code": "10000", "msg": "Success", **asked}
    assert client.query_refund("ih_1", "r1") is None


@pytest.mark.parametrize(
    ("sub_code", "error"),
    [
        ("ACQ.TRADE_HAS_SUCCESS", errors.TradePaid),
        ("ACQ.TRADE_HAS_FINISHED", errors.TradeFinished),
        ("ACQ.TRADE_HAS_CLOSE", errors.WrongTradeStatus),
        ("ACQ.REASON_TRADE_STATUS_INVALID", errors.WrongTradeStatus),
        ("ACQ.REASON_TRADE_BEEN_FREEZEN", errors.TradeFrozen),
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", errors.SellerShortOfMoney),
        ("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", errors.WrongRefundAmount),
        ("ACQ.INVALID_PARAMETER", errors.GatewayRefused),
        ("ACQ.SYSTEM_ERROR", errors.GatewayUnavailable),
        ("aop.ACQ.SYSTEM_ERROR", errors.GatewayUnavailable),
    ],
)
def test_a_refusal_has_a_class_of_its_own(client, gateway, sub_code, error):
    gateway.body = failed(sub_code)

    with pytest.raises(error) as refused:
        client.refund("ih_1", "r1", 1, "取消")
    assert refused.type is error
    assert sub_code in str(refused.value)
    assert "不行" in str(refused.value)


@pytest.mark.parametrize(("code", "sub_code"), [("20000", "isp.unknow-error"), ("40005", "x"), ("1", "isp.x")])
def test_trouble_at_alipay_is_an_unknown_outcome(client, gateway, code, sub_code):
    gateway.body = failed(sub_code, code)
    with pytest.raises(errors.GatewayUnavailable):
        client.refund("ih_1", "r1", 1, "取消")


def test_a_refusal_survives_the_way_to_another_process():
    error = errors.refusal("40004", "ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.sub_code, str(copy)) == (errors.TradePaid, "ACQ.TRADE_HAS_SUCCESS", str(error))


# Answers that are not to be believed


def test_an_answer_signed_by_another_key_is_refused(another, gateway):
    gateway.add("ih_1")
    with pytest.raises(errors.BadSignature):
        another(alipay_public_key=OTHER_KEY.public_key()).query("ih_1")


def test_an_answer_to_another_question_is_refused(client, gateway):
    gateway.add("ih_1")
    gateway.trades["ih_2"] = gateway.trades["ih_1"]  # A signed answer, played again.
    with pytest.raises(errors.NotOurs):
        client.query("ih_2")


def test_our_own_bad_signature_is_a_refusal(another):
    with pytest.raises(errors.GatewayRefused, match=r"isv\.invalid-signature"):
        another(private_key=OTHER_KEY).query("ih_1")


def named(value: object) -> str:
    """No signature in a test's name: every process of a parallel run makes its own keys."""
    return value.__name__ if isinstance(value, type) else "answer"


def signed(raw: str, name: str = "alipay_trade_query_response") -> str:
    return f'{{"{name}":{raw},"sign":"{rsa2.sign_text(raw, ALIPAY_KEY)}"}}'


UNSIGNED = '{"alipay_trade_query_response":%s}'
GOOD = '{"code":"10000","total_amount":"12.34"}'


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (signed(GOOD).replace("12.34", "0.01"), errors.BadSignature),
        (UNSIGNED % GOOD, errors.BadSignature),
        (f'{{"alipay_trade_query_response":{GOOD},"sign":null}}', errors.BadSignature),
        (f'{{"alipay_trade_query_response":{GOOD},"sign":{{}}}}', errors.BadSignature),
        (f'{{"alipay_trade_query_response":{GOOD},"sign":"爱"}}', errors.BadSignature),
        (UNSIGNED % '{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}', errors.BadSignature),
        (UNSIGNED % '{"code":"40002","sub_code":"a"}', errors.GatewayRefused),
        ('{"alipay_trade_query_response":{"code":"40002"},"sign":"AAAA"}', errors.BadSignature),
        ('{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}', errors.GatewayRefused),
        ('{"error_response":{"code":"20000","sub_code":"aop.unknow-error"}}', errors.GatewayUnavailable),
        (signed('{"code":"40002"}', "error_response"), errors.GatewayRefused),
        (signed(GOOD, "error_response"), errors.Unreadable),
        (signed(GOOD, "alipay_trade_close_response"), errors.Unreadable),
        (signed(GOOD)[:-1] + f',"alipay_trade_query_response":{GOOD}}}', errors.Unreadable),
        (signed(GOOD) + "x", errors.Unreadable),
        (signed(GOOD)[:-1], errors.Unreadable),
        (UNSIGNED % '"10000"', errors.Unreadable),
        ("{[1]:2}", errors.Unreadable),
        ("[" * 100_000, errors.Unreadable),
        ('{"a":' * 100_000, errors.Unreadable),
        ("{}", errors.Unreadable),
        ("[]", errors.Unreadable),
        ("", errors.Unreadable),
    ],
    ids=named,
)
def test_a_doubtful_answer_is_not_believed(answer, error):
    with pytest.raises(error) as doubt:
        read_answer("alipay.trade.query", answer.encode(), ALIPAY_KEY.public_key())
    assert doubt.type is error


@pytest.mark.parametrize(
    "wrong",
    [{"total_amount": "12.345"}, {"trade_status": "PAID"}, {"send_pay_date": "soon"}, {"trade_no": ""}],
)
def test_a_signed_answer_that_makes_no_sense_is_unreadable(client, gateway, wrong):
    gateway.add("ih_1", **{"total_amount": "12.34"} | wrong)
    with pytest.raises(errors.Unreadable):
        client.query("ih_1")


# The network


def test_silence_is_an_unknown_outcome(another, gateway):
    gateway.misbehave = lambda handler: handler.server.hung_up.wait(5) and None
    hasty = another(timeout=0.2)
    began = time.monotonic()
    with pytest.raises(errors.GatewayUnavailable, match="ReadTimeout"):
        hasty.query("ih_1")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", [502, 500, 404, 204])
def test_a_proxys_page_is_an_unknown_outcome(client, gateway, status):
    gateway.misbehave = lambda handler: handler.send(status, b"" if status == 204 else b"<html>Bad</html>")
    with pytest.raises(errors.GatewayUnavailable, match=str(status)):
        client.query("ih_1")


@pytest.mark.parametrize("page", [b"<html>OK</html>", b"\xff\xfe", "爱家".encode("gbk")])
def test_a_page_that_is_no_answer_is_an_unknown_outcome(client, gateway, page):
    gateway.misbehave = lambda handler: handler.send(200, page)
    with pytest.raises(errors.GatewayUnavailable):
        client.query("ih_1")


def test_an_answer_that_stops_is_an_unknown_outcome(another, gateway):
    gateway.misbehave = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
    with pytest.raises(errors.GatewayUnavailable):
        another(timeout=0.2).query("ih_1")


def test_nobody_listening_is_an_unknown_outcome(client, gateway):
    gateway.shutdown()
    gateway.server_close()
    with pytest.raises(errors.GatewayUnavailable):
        client.query("ih_1")


def test_a_redirect_is_not_followed(client, gateway):
    gateway.misbehave = lambda handler: handler.send(302, b"", Location=gateway.url)
    with pytest.raises(errors.GatewayUnavailable, match="302"):
        client.query("ih_1")
    assert len(gateway.requests) == 1


def test_a_proxy_in_the_environment_is_ignored(another, gateway, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    gateway.add("ih_1")
    assert another().query("ih_1").amount_fen == 1234


def test_questions_share_a_connection(client, gateway):
    gateway.add("ih_1")
    for _ in range(3):
        client.query("ih_1")
    assert gateway.connections == 1


def test_threads_share_a_client(client, gateway):
    for number in range(8):
        gateway.add(f"ih_{number}", f"{number}.00")
    found: list[tuple[int, int]] = []

    def ask(number: int) -> None:
        found.append((number, client.query(f"ih_{number}").amount_fen))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(number, number * 100) for number in range(8)]


# Notices and returns


def test_a_genuine_notice_is_read(client):
    assert client.verify_notice(notice()) == Notice(
        notify_id="n1",
        out_trade_no="ih_1",
        trade_no="2026ih_1",
        status=TradeStatus.TRADE_SUCCESS,
        amount_fen=1234,
        seller_id=SELLER_ID,
        paid_at=NOON_UTC,
        refunded_fen=0,
    )


def test_a_notice_of_a_refund_says_so(client):
    told = client.verify_notice(notice(refund_fee="10.00", gmt_refund="2026-05-02 10:00:00.123"))
    assert (told.status, told.refunded_fen) == (TradeStatus.TRADE_SUCCESS, 1000)


def test_reading_a_notice_does_not_change_it(client):
    params = notice()
    before = dict(params)
    client.verify_notice(params)
    assert params == before


@pytest.mark.parametrize("make", [notice, returned])
@pytest.mark.parametrize(
    "change",
    [
        {"total_amount": "0.01"},
        {"out_trade_no": "ih_2"},
        {"app_id": "other"},
        {"added": "1"},
        {"sign": ""},
        {"sign": "not base64!"},
        {"sign": rsa2.sign_notice(notice(), OTHER_KEY)},
    ],
)
def test_tampered_parameters_are_refused(client, make, change):
    verify = client.verify_notice if make is notice else client.verify_return
    with pytest.raises(errors.BadSignature):
        verify(make() | change)


def test_parameters_without_a_signature_are_refused(client):
    for params, verify in ((notice(), client.verify_notice), (returned(), client.verify_return)):
        del params["sign"]
        with pytest.raises(errors.BadSignature):
            verify(params)
        with pytest.raises(errors.BadSignature):
            verify({})


@pytest.mark.parametrize("other", [{"app_id": "2021000000000009"}, {"seller_id": "2088000000000009"}])
def test_another_shops_messages_are_refused(client, other):
    with pytest.raises(errors.NotOurs):
        client.verify_notice(notice(**other))
    with pytest.raises(errors.NotOurs):
        client.verify_return(returned(**other))


@pytest.mark.parametrize("odd", [{"total_amount": "12.345"}, {"trade_status": "?"}, {"out_trade_no": ""}])
def test_a_signed_notice_that_makes_no_sense_is_unreadable(client, odd):
    with pytest.raises(errors.Unreadable):
        client.verify_notice(notice(**odd))


@pytest.mark.parametrize("device", ["page", "wap"])
def test_a_genuine_return_is_read(client, device):
    params = returned(method=f"alipay.trade.{device}.pay.return")
    assert client.verify_return(params) == Returned("ih_1", "2026ih_1", 1234, SELLER_ID)


def test_a_notice_is_no_return_and_a_return_no_notice(client):
    with pytest.raises(errors.NotOurs):
        client.verify_return(notice(trade_status="TRADE_CLOSED"))
    with pytest.raises(errors.Unreadable):
        client.verify_notice(returned())


def test_no_key_is_shown_with_the_client(client):
    assert "key" not in repr(client)
