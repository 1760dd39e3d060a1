"""The environment, read once into a frozen Config."""

import base64
import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from ihome import first_secrets
from ihome.addresses import check_database, read_broker, read_redis

PREFIX = "IHOME_"
FILE = "IHOME_ENV_FILE"

Networks = tuple[IPv4Network | IPv6Network, ...]


DATABASES = "sqlite|mysql|mariadb|postgresql"
URLS = {
    "database_url": DATABASES,
    "database_read_url": DATABASES,
    "mail_url": "smtp|smtps|file",
    "storage_url": "file|s3|fastdfs",
    "payment_url": "https|http",
}
HOST = r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"


class ConfigError(Exception):
    """A setting is missing or wrong; the message names the environment variable."""


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _networks(value: object) -> object:
    return tuple(ip_network(part, strict=False) for part in _words(value))  # type: ignore[attr-defined]


def _keys(value: object) -> object:
    """`1:base64 2:base64` -> {1: bytes, 2: bytes}; the highest number encrypts, all of them decrypt."""
    if not isinstance(value, str):
        return value
    keys = {}
    for part in value.replace(",", " ").split():
        number, _, text = part.partition(":")
        key = base64.b64decode(text, validate=True)
        if not (number.isdigit() and 1 <= int(number) <= 255 and len(key) == 32) or int(number) in keys:
            raise ValueError("expected NUMBER:KEY, each NUMBER once and from 1 to 255, KEY 32 bytes in base64")
        keys[int(number)] = key
    return keys


class Config(BaseModel):
    """One field, one variable: `database_url` is IHOME_DATABASE_URL."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    env: Literal["development", "production"] = "development"
    instance: Path = Path("instance")
    base_url: str = "http://127.0.0.1:5000"
    # Secrets. In development they are made once and kept in the instance folder.
    secret_key: Annotated[str, Field(min_length=32, repr=False)]
    identity_keys: Annotated[dict[int, bytes], BeforeValidator(_keys), Field(min_length=1, repr=False)]
    identity_hash_key: Annotated[str, Field(min_length=32, repr=False)]
    # Where things are kept and who carries them.
    database_url: Annotated[str, Field(repr=False)] = ""
    database_read_url: Annotated[str, Field(repr=False)] = ""
    redis_url: Annotated[str, Field(repr=False)] = ""
    redis_prefix: str = ""
    broker_url: Annotated[str, Field(repr=False)] = ""
    mail_url: Annotated[str, Field(repr=False)] = ""
    mail_from: str = "爱家租房 <no-reply@localhost>"
    storage_url: Annotated[str, Field(repr=False)] = ""
    media_base_url: str = ""
    private: Path | None = None
    x_accel: str = ""
    # Money: "sandbox" is the built-in gateway, anything else the address of Alipay's.
    payment_url: str = "sandbox"
    alipay_app_id: str = ""
    alipay_seller_id: str = ""
    alipay_private_key: Path | None = None
    alipay_public_key: Path | None = None
    # The site and its rules.
    timezone: str = "Asia/Shanghai"
    trusted_proxies: Annotated[Networks, BeforeValidator(_networks)] = ()
    metrics_from: Annotated[Networks, BeforeValidator(_networks)] = (ip_network("127.0.0.0/8"), ip_network("::1"))
    demo: bool = False
    review_opens: Literal["checkout", "payment"] = "checkout"
    identity_to_book: bool = False
    answer_hours: Annotated[int, Field(ge=1, le=240)] = 24
    payment_minutes: Annotated[
        int,  # A demo is loaded once, and for a day there shall be something to pay.
        Field(ge=5, le=1440, default_factory=lambda known: 1440 if known.get("demo") else 30),
    ]
    contact: str = ""
    licence_line: Annotated[str, Field(max_length=64)] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("base_url", "media_base_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        _check_port(url, is_database=False)
        # The host as browsers write it in Host and Origin; a name and a password would be in each link and each mail.
        if url and not re.fullmatch(rf"https?://{HOST}(:[0-9]+)?(/[^?#\s]*)?", url):
            raise ValueError("expected an address such as https://rent.example.com (a name in Chinese as xn--…)")
        return url.rstrip("/")

    @field_validator("x_accel")
    @classmethod
    def _is_location(cls, path: str) -> str:
        if path and not re.fullmatch(r"(/[A-Za-z0-9_-]+)+/", path):
            raise ValueError("expected the path of an internal location of nginx: /private/")
        return path

    @field_validator("contact")
    @classmethod
    def _is_contact(cls, text: str) -> str:
        if text and not re.fullmatch(r"[^@\s?&#%<>\"]+@[^@\s?&#%<>\"]+\.[^@\s?&#%<>\"]+", text):
            raise ValueError("expected an address of mail: help@rent.example.com")
        return text

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, text: str) -> str:
        from email.headerregistry import HeaderRegistry

        header: Any = HeaderRegistry()("From", text)
        if len(header.addresses) != 1 or not header.addresses[0].domain or header.defects:
            raise ValueError("expected one address such as 爱家租房 <no-reply@rent.example.com>")
        return text

    @field_validator(*URLS)
    @classmethod
    def _is_url(cls, url: str, info: ValidationInfo) -> str:
        kinds = URLS[str(info.field_name)]
        if url and not re.fullmatch(rf"({kinds})://\S+", url) and url != cls.model_fields[str(info.field_name)].default:
            raise ValueError(f"expected an address that begins with {kinds.replace('|', ':// or ')}://")
        if url.startswith("file:") and not url.startswith("file:///"):
            raise ValueError("expected a folder from the root on: file:///folder")
        if info.field_name != "storage_url":  # fastdfs:// may have several hosts: storage.open_storage() looks.
            _check_port(url, is_database=kinds == DATABASES)
        if kinds == DATABASES and url:
            check_database(url)
        return url

    @field_validator("redis_url", "broker_url")
    @classmethod
    def _is_address(cls, url: str, info: ValidationInfo) -> str:
        if url:
            (read_redis if info.field_name == "redis_url" else read_broker)(url)
        return url

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("expected a zone such as Asia/Shanghai") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def uses_sandbox(self) -> bool:
        return self.payment_url == "sandbox"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'ihome.db'}"

    @property
    def storage(self) -> str:
        return self.storage_url or f"file://{self.instance.resolve() / 'media'}"

    @property
    def private_folder(self) -> Path:
        return (self.private or self.instance / "private").resolve()

    @property
    def mail(self) -> str:
        return self.mail_url or f"file://{self.instance.resolve() / 'mail'}"


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """The Config that these variables describe, with those of the file that IHOME_ENV_FILE names.

    Processes read that file when they start, so a renewed site (HUP) has what stands there now.
    Raises ConfigError, naming the variable, for an unknown value and for what production refuses.
    """
    variables = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    if file := variables.pop(FILE, None):
        variables = _read_file(Path(file)) | variables
    given = {name.removeprefix(PREFIX).lower(): value for name, value in variables.items()}
    _refuse_misspelt(given)
    values: dict[str, Any] = dict(given)
    if values.get("env", "development") == "development":
        values = _development_secrets(Path(values.get("instance", "instance"))) | values
    try:
        config = Config(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ConfigError(f"{PREFIX}{str(first['loc'][0]).upper()}: {_plain(first)}") from None
    if config.is_production:
        _refuse_unsafe(config)
        if not (config.database_url and config.redis_url and config.storage_url):
            _make_folder(config.instance)
    _refuse_lost_sqlite(config)
    _refuse_public(config)
    if config.storage_url.startswith("fastdfs:") and not config.media_base_url:
        raise ConfigError(f"{PREFIX}MEDIA_BASE_URL: is required with fastdfs://: where nginx serves what it stores")
    if not config.uses_sandbox:
        _require_alipay(config)
    return config


def _read_file(path: Path) -> dict[str, str]:
    """Lines of `IHOME_NAME=value`, as for systemd and Docker; # begins a line of comment, quotes around values go."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{FILE}: {path} cannot be read: {getattr(error, 'strerror', 'it is no text')}") from None
    found = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        name, equals, value = line.partition("=")
        if not line or line.startswith("#"):
            continue
        if not equals or not name.startswith(PREFIX) or name == FILE:
            raise ConfigError(f"{FILE}: {path}, line {number}: expected {PREFIX}NAME=value")
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        if value:
            found[name] = value[1:-1] if is_quoted else value
    return found


def _check_port(url: str, *, is_database: bool) -> None:
    """Raises ValueError in words of ours: the libraries' repeat the URL, and it may hold a password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        # The database's passwords may hold what ends an address elsewhere.
        port = make_url(url).port if is_database else urlsplit(url).port
    except (ArgumentError, ValueError):
        raise ValueError("expected a number from 1 to 65535 as its port, after the last colon") from None
    if port is not None and not 1 <= port <= 65535:
        raise ValueError("expected a number from 1 to 65535 as its port, after the last colon")


def _refuse_lost_sqlite(config: Config) -> None:
    """SQLite makes a file, never the folder, and without a name a database that each connection has for itself."""
    from sqlalchemy import make_url

    for name in ("database_url", "database_read_url"):
        url = getattr(config, name)
        if not url.startswith("sqlite:"):
            continue
        address = make_url(url)
        path = Path(address.database or "")
        if address.host or address.database in (None, "", ":memory:"):
            raise ConfigError(f"{PREFIX}{name.upper()}: expected a file: sqlite:////folder/ihome.db")
        if path.is_dir():
            raise ConfigError(f"{PREFIX}{name.upper()}: {path} is a folder, not a file")
        if not path.parent.is_dir():
            raise ConfigError(f"{PREFIX}{name.upper()}: there is no folder {path.parent}")


def _refuse_public(config: Config) -> None:
    """What is one person's does not lie where everybody may read; and nginx does not get into the instance folder."""
    folder = config.private_folder
    media = Path(unquote(urlsplit(config.storage).path)).resolve()
    if config.storage.startswith("file:") and (folder.is_relative_to(media) or media.is_relative_to(folder)):
        raise ConfigError(f"{PREFIX}PRIVATE: {folder} and the folder of the pictures, {media}, must be apart")
    if config.x_accel and not config.private:
        raise ConfigError(f"{PREFIX}PRIVATE: is required with {PREFIX}X_ACCEL: a folder that nginx may read")


def _plain(error: Any) -> str:
    if error["type"] == "missing":
        return "is required when IHOME_ENV=production"
    if error["type"] == "extra_forbidden":
        return "no such setting"
    return str(error["msg"]).removeprefix("Value error, ")


def _refuse_misspelt(given: Mapping[str, str]) -> None:
    for name in given.keys() - Config.model_fields.keys():
        if near := get_close_matches(name, Config.model_fields, n=1, cutoff=0.85):
            raise ConfigError(f"{PREFIX}{name.upper()}: no such setting; is {PREFIX}{near[0].upper()} meant?")


def _refuse_unsafe(config: Config) -> None:
    refusals = {
        "secret_key": len(set(config.secret_key)) < 10 and "is too simple; make one with: openssl rand -hex 32",
        "identity_hash_key": (
            len(set(config.identity_hash_key)) < 10 and "is too simple; make one with: openssl rand -hex 32"
        )
        or (config.identity_hash_key == config.secret_key and "must not be the same as IHOME_SECRET_KEY"),
        "identity_keys": any(len(set(key)) < 10 for key in config.identity_keys.values())
        and "is too simple; make a key with: openssl rand -base64 32",
        "base_url": not config.is_https and "must be https in production",
        "payment_url": (config.uses_sandbox and "the sandbox gateway moves no money; give Alipay's address")
        or (config.payment_url.startswith("http:") and "must be https in production"),
        "demo": config.demo and "demo data does not belong on a production site",
        "mail_url": not config.mail_url.startswith("smtp") and "give a mail server, smtp://user:password@host:587",
    }
    for name, why in refusals.items():
        if why:
            raise ConfigError(f"{PREFIX}{name.upper()}: {why}")


def _require_alipay(config: Config) -> None:
    for name in ("alipay_app_id", "alipay_seller_id", "alipay_private_key", "alipay_public_key"):
        if not getattr(config, name):
            raise ConfigError(f"{PREFIX}{name.upper()}: is required with IHOME_PAYMENT_URL={config.payment_url}")
    for name in ("alipay_private_key", "alipay_public_key"):
        path: Path = getattr(config, name)
        try:
            is_empty = not path.read_text("ascii").strip()
        except FileNotFoundError:
            raise ConfigError(f"{PREFIX}{name.upper()}: no file at {path}") from None
        except OSError as error:
            raise ConfigError(f"{PREFIX}{name.upper()}: {path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{PREFIX}{name.upper()}: {path} is no key in text") from None
        if is_empty:
            raise ConfigError(f"{PREFIX}{name.upper()}: {path} is empty")


def _make_folder(instance: Path) -> None:
    """It holds codes, mails and the database: nobody else's business, where it is ours to make."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise ConfigError(f"{PREFIX}INSTANCE: {instance} is no folder") from None
    except OSError as error:
        raise ConfigError(f"{PREFIX}INSTANCE: {instance} cannot be made: {error.strerror}") from None


def _development_secrets(instance: Path) -> dict[str, str]:
    """Secrets of this instance folder, made by whichever process comes first."""
    path = instance / "secrets.json"
    _make_folder(instance)
    try:
        return first_secrets.read_or_make(path)
    except OSError as error:
        raise ConfigError(f"{PREFIX}INSTANCE: {path} cannot be made or read: {error.strerror}") from None
    except ValueError:
        raise ConfigError(
            f"{PREFIX}INSTANCE: {path} is broken. Bring it back from a backup, or delete it together with the"
            " database: identity numbers cannot be opened without it"
        ) from None


_active: Config | None = None


def activate(config: Config) -> None:
    """Make this the Config of the process; entries and tests call it."""
    global _active
    _active = config


def config() -> Config:
    """The Config of this process."""
    if _active is None:
        raise RuntimeError("no configuration: call ihome.config.activate() first")
    return _active
