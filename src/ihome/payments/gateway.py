"""The gateway that this site is paid through: Alipay, or our sandbox that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from cryptography.exceptions import UnsupportedAlgorithm

from ihome.config import Config, ConfigError, config
from ihome.payments.errors import GatewayDown
from ihome.payments.providers.alipay.client import AlipayClient
from ihome.payments.providers.alipay.errors import GatewayError
from ihome.payments.providers.alipay.rsa2 import load_private_key, load_public_key
from ihome.payments.providers.sandbox import keys as sandbox

NOTIFY_PATH, RETURN_PATH = "/api/v1.0/payments/alipay/notify", "/payComplete.html"

# Of a web process's eight threads at most three wait for the gateway: when it hangs, or is this very site, the others
# still serve. Nobody queues: a thread that waited for its turn would be lost as well.
_slots = BoundedSemaphore(3)


_made: tuple[Config, AlipayClient] | None = None


def gateway() -> AlipayClient:
    """The client for this site's gateway; one per process, with its pool of connections."""
    global _made
    if _made is None or _made[0] is not config():
        _made = (config(), _client(config()))
    return _made[1]


def _client(settings: Config) -> AlipayClient:
    if settings.uses_sandbox:
        keys = sandbox.sandbox_keys()
        return AlipayClient(
            gateway_url=f"{settings.base_url}/sandbox/gateway.do", app_id=sandbox.APP_ID, seller_id=sandbox.SELLER_ID,
            private_key=keys.merchant, alipay_public_key=keys.gateway.public_key(),
        )  # fmt: skip
    return AlipayClient(
        gateway_url=settings.payment_url, app_id=settings.alipay_app_id, seller_id=settings.alipay_seller_id,
        private_key=load_private_key(_text(settings.alipay_private_key)),
        alipay_public_key=load_public_key(_text(settings.alipay_public_key)),
    )  # fmt: skip


def _text(path: Path | None) -> str:
    """The key in this file; the configuration was refused without one."""
    return path.read_text() if path else ""


def check_keys() -> None:
    """Raises ConfigError, naming the setting, where a key file of Alipay's holds no key."""
    files = {
        "IHOME_ALIPAY_PRIVATE_KEY": (config().alipay_private_key, load_private_key),
        "IHOME_ALIPAY_PUBLIC_KEY": (config().alipay_public_key, load_public_key),
    }
    for name, (path, load) in files.items():
        try:
            load(_text(path))
        except (ValueError, OSError, UnsupportedAlgorithm):
            raise ConfigError(f"{name}: {path} is no RSA key of 2048 bits or more without a password") from None


def provider() -> str:
    return "sandbox" if config().uses_sandbox else "alipay"


def notify_url() -> str:
    return config().base_url + NOTIFY_PATH


def return_url() -> str:
    return config().base_url + RETURN_PATH


@contextmanager
def asking() -> Iterator[AlipayClient]:
    """The gateway, to be asked from a web request.

    Raises GatewayDown when it is out of reach, says nothing that can be believed or acted on, or too many wait.
    """
    if not _slots.acquire(blocking=False):
        raise GatewayDown
    try:
        yield gateway()
    except GatewayError as error:
        raise GatewayDown from error
    finally:
        _slots.release()
