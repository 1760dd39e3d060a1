"""The OpenAPI document is valid, complete, and survives a fuzzer: nothing it describes answers 500."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator

from ihome import features
from ihome.kit.http import API_PREFIX
from tests import make
from tests.browser_double import Browser

ENDPOINTS = [
    endpoint for api in features.attributes(features.APIS, "api") for endpoint in api.endpoints if endpoint.path
]


def by_name(endpoint):
    return f"{endpoint.method} {endpoint.path}"


@pytest.fixture
def document(visitor):
    return visitor.get("/openapi.json")


def test_the_document_is_valid_openapi_3_1(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


def test_every_endpoint_is_described(app, document):
    served = {
        (rule.rule.replace("<id:", "<").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(API_PREFIX) and not rule.rule.endswith("openapi.json")
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == served


def test_every_endpoint_has_a_summary(document):
    assert [path for path, methods in document["paths"].items() for m in methods.values() if not m["summary"]] == []


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.auth], ids=by_name)
def test_nobody_gets_in_without_signing_in(visitor, endpoint):
    """Before anything else is looked at: the body is empty, the ids are nobody's (contract: checks in order)."""
    path = endpoint.path
    for name in ("order_id", "house_id", "image_id"):
        path = path.replace(f"<id:{name}>", "999999")
    answer = visitor.request(endpoint.method, path, **({} if endpoint.method == "GET" else {"json": {}}))
    assert answer.status_code == 200
    assert answer.get_json()["errno"] == "4101"


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.method != "GET"], ids=by_name)
def test_nothing_unsafe_is_done_without_a_csrf_token(visitor, endpoint):
    if getattr(endpoint.view, "csrf_exempt", False):
        pytest.skip("proves itself by the gateway's signature")
    path = endpoint.path.replace("<id:order_id>", "1").replace("<id:house_id>", "1").replace("<id:image_id>", "1")
    answer = visitor.request(endpoint.method, path, headers={"X-CSRFToken": "planted"}, json={})
    assert answer.status_code == 400
    assert answer.get_json()["errno"] == "4201"


@pytest.fixture
def fuzzed(app):
    """The document's operations, and browsers of nobody, a guest and a landlord with a house and orders."""
    guest, landlord = make.user("guest"), make.landlord()
    house = make.house(landlord)
    make.order(guest, house)
    make.accepted(guest, house, ahead=20)
    browsers = [Browser(app), make.browser(app, guest), make.browser(app, landlord)]
    return schemathesis.openapi.from_wsgi(f"{API_PREFIX}/openapi.json", app), browsers


@pytest.mark.parametrize("operation", sorted({(e.method, e.path) for e in ENDPOINTS}), ids=" ".join)
def test_a_fuzzer_finds_no_server_error(fuzzed, operation):
    schema, browsers = fuzzed
    method, path = operation
    wanted = API_PREFIX + path.replace("<id:", "{").replace("<", "{").replace(">", "}")

    @settings(
        max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[wanted][method].as_strategy())
    def send(case):
        for browser in browsers:
            cookies = {cookie.key: cookie.value for cookie in browser.client._cookies.values()}
            answer = case.call(headers={"X-CSRFToken": browser.csrf_token}, cookies=cookies)
            assert answer.status_code < 500, (answer.status_code, answer.text)
            if answer.headers["content-type"][0] == "application/json":
                assert set(answer.json()) <= {"errno", "errmsg", "data", "errors"}

    send()
