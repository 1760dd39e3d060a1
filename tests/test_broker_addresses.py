"""One way to write where the broker is, as Celery understands it: TLS, passwords, a socket, Sentinels, many hosts."""

import pytest
from kombu import Connection

from ihome.worker import celery_settings
from tests.kit.test_redis_kinds import PASSWORD, QUOTED, certificate
from tests.site_process import free_port
from tests.test_celery import RABBITMQ, empty_rabbitmq

__all__ = ["certificate"]


def send_and_take(url):
    """A message there and back. Raises what the transport raises."""
    found = celery_settings(url, 5)
    options, tls = found["broker_transport_options"], found.get("broker_use_ssl")
    with Connection(found["broker_url"], connect_timeout=5, transport_options=options, ssl=tls) as connection:
        connection.ensure_connection(max_retries=3, interval_start=0, timeout=20)
        queue = connection.SimpleQueue("addresses")
        queue.put({"id": 7})
        message = queue.get(timeout=10)
        message.ack()
        queue.close()
        return message.payload


def test_redis_with_a_password(redis_servers):
    server = redis_servers.single(password=PASSWORD)

    assert send_and_take(f"redis://:{QUOTED}@{server.host}/3") == {"id": 7}
    with pytest.raises(Exception, match=r"(?i)auth") as refused:
        send_and_take(f"redis://{server.host}/3")
    assert PASSWORD not in str(refused.value)


def test_redis_at_a_socket(redis_servers, tmp_path):
    redis_servers.single("--unixsocket", str(tmp_path / "redis.sock"))

    assert send_and_take(f"unix://{tmp_path}/redis.sock?db=2") == {"id": 7}


def test_redis_over_tls(redis_servers, certificate):
    tls = ["--tls-cert-file", f"{certificate}/cert.pem", "--tls-key-file", f"{certificate}/key.pem"]
    redis_servers.single("--tls-port", str(port := free_port()), *tls, "--tls-auth-clients", "no")

    assert send_and_take(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}/cert.pem") == {"id": 7}
    with pytest.raises(Exception, match="certificate"):
        send_and_take(f"rediss://127.0.0.1:{port}/0")


def test_sentinels_with_a_password_of_their_own(redis_servers):
    url = redis_servers.sentinel(redis_servers.single(password=PASSWORD), password="another")

    assert send_and_take(url.replace("//", f"//:{QUOTED}@") + "?sentinel_password=another") == {"id": 7}


def test_sentinels_of_which_the_first_is_not_there(redis_servers):
    _, url = redis_servers.replicated()

    assert send_and_take(url.replace("//", "//127.0.0.1:1,")) == {"id": 7}


def test_of_several_rabbitmq_nodes_one_that_is_there():
    empty_rabbitmq()

    assert send_and_take(RABBITMQ.replace("127.0.0.1", "127.0.0.1:1,127.0.0.1")) == {"id": 7}
