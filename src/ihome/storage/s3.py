"""Pictures in a bucket: AWS, MinIO, Ceph, SeaweedFS, Aliyun OSS, Tencent COS, whatever speaks S3.

    s3://KEY:SECRET@HOST[:PORT]/BUCKET?region=us-east-1&tls=on&style=path

KEY and SECRET are percent-encoded (`/` is %2F), or left out and taken from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_SESSION_TOKEN. `tls=off` speaks http; `style=virtual` puts the bucket before the host, as OSS and COS want it.

With IHOME_MEDIA_BASE_URL the public finds the pictures there: the bucket itself, a CDN, nginx. Without it the bucket
may be private: pages point to the site, and the site leads on to a signed address.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from ihome.config import ConfigError
from ihome.storage.media import NotStored, Storage, StorageDown, Stored, check_key

if TYPE_CHECKING:
    from obstore.store import S3Credential, S3Store

# A signed address is in no page and in no cache of ours, only in the answer that leads there: browsers keep that for
# LED_FOR, so that they also keep the picture behind it, and find the address still good at the end.
SIGNED_FOR, LED_FOR = timedelta(hours=24), timedelta(hours=12)
CONNECT_WAIT, WAIT = timedelta(seconds=3), timedelta(seconds=15)  # For a connection; for an answer, all of it.
ONCE_MORE = timedelta(seconds=3)  # A failure that came sooner is tried again, once; a stall is not.
ATTRIBUTES = {"Content-Type": "image/webp", "Cache-Control": "public, max-age=31536000, immutable"}
OPTIONS = {"region": r"[a-z0-9-]+", "tls": "on|off", "style": "path|virtual"}


@dataclass(frozen=True)
class Address:
    """What the URL says. Never shown: it holds the secret."""

    endpoint: str
    bucket: str
    key: str
    secret: str
    token: str
    region: str
    is_virtual: bool


def open_bucket(url: str, public_url: str = "") -> "Bucket":
    """Raises ConfigError. Nothing is asked yet."""
    return Bucket(read_address(url), public_url)


def read_address(url: str) -> Address:
    """Raises ConfigError, in words that do not repeat the secret."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong("expected a number as its port; a / or @ in the secret is written %2F or %40") from None
    bucket = parts.path.strip("/")
    if not host or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise _wrong("expected s3://KEY:SECRET@HOST/BUCKET?region=REGION")
    options = {"region": "us-east-1", "tls": "on", "style": "path"}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name not in OPTIONS or not re.fullmatch(OPTIONS[name], value):
            raise _wrong("after the ? it knows region=…, tls=on or off, style=path or virtual")
        options[name] = value
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    token = ""
    if not key:
        key, secret = os.environ.get("AWS_ACCESS_KEY_ID", ""), os.environ.get("AWS_SECRET_ACCESS_KEY", "")
        token = os.environ.get("AWS_SESSION_TOKEN", "")
    if not (key and secret):
        raise _wrong("it has no KEY:SECRET@, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
    is_virtual = options["style"] == "virtual"
    name = f"{bucket}.{host}" if is_virtual else host
    endpoint = f"{'https' if options['tls'] == 'on' else 'http'}://{name}" + (f":{port}" if port else "")
    return Address(endpoint, bucket, key, secret, token, options["region"], is_virtual)


def _wrong(why: str) -> ConfigError:
    return ConfigError(f"IHOME_STORAGE_URL: {why}")


class Bucket(Storage):
    """One bucket.

    Asked through obstore, which takes time to import and whose threads do not live on in a process that is forked: it
    is loaded by the first question, and no question may be asked before a fork.
    """

    def __init__(self, address: Address, public_url: str = "") -> None:
        self._address, self._public_url = address, public_url
        self.endpoint = address.endpoint

    @cached_property
    def _store(self) -> "S3Store":
        from obstore.store import S3Store

        at = self._address
        credential: S3Credential = {"access_key_id": at.key, "secret_access_key": at.secret, "expires_at": None}
        if at.token:
            credential["token"] = at.token
        return S3Store(
            at.bucket,
            endpoint=at.endpoint,
            region=at.region,
            # Given as a key, obstore would complete it with an AWS_SESSION_TOKEN that belongs to another.
            credential_provider=lambda: credential,
            virtual_hosted_style_request=at.is_virtual,
            client_options={"connect_timeout": CONNECT_WAIT, "timeout": WAIT, "allow_http": True},
            retry_config={"max_retries": 1, "retry_timeout": ONCE_MORE},
        )

    def put(self, key: str, content: bytes) -> str:
        with _asking(key):
            # In one request: a picture is there whole or not at all.
            self._store.put(key, content, attributes=ATTRIBUTES, use_multipart=False)
        return key

    def get(self, key: str) -> bytes:
        with _asking(key):
            return bytes(self._store.get(key).bytes())

    def size(self, key: str) -> int:
        with _asking(key):
            return self._store.head(key)["size"]

    def delete(self, key: str) -> None:
        with suppress(NotStored), _asking(key):
            self._store.delete(key)

    def listing(self) -> Iterator[Stored]:
        with _asking():
            for page in self._store.list():
                for found in page:
                    yield Stored(found["path"], found["size"], found["last_modified"])

    def url(self, key: str) -> str:
        check_key(key)
        if self._public_url:
            return f"{self._public_url}/{key}"
        from obstore import sign

        return sign(self._store, "GET", key, SIGNED_FOR)


@contextmanager
def _asking(key: str | None = None) -> Iterator[None]:
    """What obstore raises becomes NotStored or StorageDown."""
    from obstore.exceptions import BaseError

    if key is not None:
        check_key(key)
    try:
        yield
    except FileNotFoundError as error:
        if "<Code>NoSuchBucket<" in str(error):
            raise _down(error) from None
        raise NotStored(key=key or "") from None
    except (BaseError, OSError) as error:
        raise _down(error) from None


def _down(error: Exception) -> StorageDown:
    """What the server says of it, or what the network did; obstore's own words fill a page."""
    text = str(error)
    if said := re.search(r"<Code>(.*?)</Code>(?:<Message>(.*?)</Message>)?", text, re.DOTALL):
        return StorageDown(": ".join(part for part in said.groups() if part))
    if status := re.search(r"status code: (\d{3}[^:\n]*)", text):
        return StorageDown(f"it answered {status[1].strip()}")
    if "kind: Timeout" in text:
        return StorageDown(f"no answer within {WAIT.seconds} seconds")
    if "kind: Connect" in text:
        return StorageDown("no connection")
    return StorageDown(text.partition("\n")[0][:200] or type(error).__name__)
