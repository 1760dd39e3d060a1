"""Where mails go, chosen by IHOME_MAIL_URL: a mail server, or a folder that the mailbox page shows."""

import os
import re
import secrets
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ihome.config import config
from ihome.kit import metrics, outbox
from ihome.kit.breaker import Breaker
from ihome.kit.errors import PathNotFound

TIMEOUT = 10.0  # Seconds for each answer of the mail server.
PAUSE = 5.0  # Seconds in which a server that let nobody in is not asked again: one mail waits for it, not all.
PORTS = {"starttls": 587, "none": 25, "tls": 465}
NAME = re.compile(r"[a-z_]{1,40}\.[0-9a-f]{32}", re.ASCII)
ENHANCED_CODE = re.compile(rb"\b[45]\.\d{1,3}\.\d{1,3}\b")


class MailDown(outbox.TryLater):
    """The mail could not be handed over now; a later try may succeed. Says why without saying whose mail it was."""


def send(message: EmailMessage) -> None:
    """Hand this mail over, or put it into the folder under the name in its Message-ID: a second time overwrites.

    Raises MailDown where a later try may help, outbox.GiveUp where the server refuses this recipient for good.
    """
    address = _address()
    try:
        if address.scheme == "file":
            _keep(message, _folder(address))
        else:
            _hand_over(message, _server(address))
    except (MailDown, outbox.GiveUp) as error:
        metrics.count_mail("failed" if isinstance(error, MailDown) else "refused")
        raise
    metrics.count_mail("sent")


def ping(timeout: float | None = None) -> None:
    """Raises MailDown unless the folder can be written or the server lets us in."""
    address = _address()
    if address.scheme == "file":
        folder = _folder(address)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MailDown(f"{folder}: {error.strerror}") from None
        if not os.access(folder, os.W_OK):
            raise MailDown(f"{folder}: cannot be written")
    else:
        try:
            smtp = _connect(_server(address), timeout)
            try:
                smtp.ehlo_or_helo_if_needed()
            finally:
                _leave(smtp)
        except OSError as error:
            raise MailDown(_reason(error)) from None


def goes_to_files() -> bool:
    return _address().scheme == "file"


def _address() -> SplitResult:
    address = urlsplit(config().mail)
    if address.scheme not in ("file", "smtp", "smtps"):
        raise ValueError(f"IHOME_MAIL_URL: {address.scheme}:// is not known; use smtp://, smtps:// or file:///folder")
    return address


# --- a mail server --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """`smtp://user:password@host:port?tls=starttls` (the default, and then required) or `?tls=none`; `smtps://…`."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)


_breakers: dict[Server, Breaker] = {}


def _server(address: SplitResult) -> Server:
    """Raises ValueError, naming the variable but never its value, which holds a password."""
    tls = "tls" if address.scheme == "smtps" else parse_qs(address.query).get("tls", ["starttls"])[-1]
    if tls not in PORTS or (tls == "tls") != (address.scheme == "smtps"):
        raise ValueError("IHOME_MAIL_URL: tls must be starttls or none; for TLS from the start use smtps://")
    try:
        port = address.port
    except ValueError:
        raise ValueError("IHOME_MAIL_URL: the port is not a number") from None
    if not address.hostname:
        raise ValueError("IHOME_MAIL_URL: there is no host in it")
    user, password = unquote(address.username or ""), unquote(address.password or "")
    return Server(address.hostname, port or PORTS[tls], tls, user, password)


def _connect(server: Server, timeout: float | None = None) -> smtplib.SMTP:
    """A connection that is encrypted and signed in as far as `server` says. Raises OSError, as all of smtplib's are."""
    # Our own name for EHLO: without it smtplib asks the DNS, which may take longer than the mail.
    name = parseaddr(config().mail_from)[1].rpartition("@")[2] or "localhost"
    if server.tls == "tls":
        verify = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=timeout or TIMEOUT, context=verify
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, name, timeout=timeout or TIMEOUT)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _leave(smtp: smtplib.SMTP) -> None:
    """The mail is taken by now: what goes wrong here must not send it again."""
    with suppress(OSError):
        smtp.quit()
    smtp.close()


def _hand_over(message: EmailMessage, server: Server) -> None:
    # smtplib's exceptions hold addresses and the server's words about them, and the outbox logs what is raised:
    # hence `from None`, and of all that only the codes.
    breaker = _breakers.setdefault(server, Breaker(PAUSE))
    if breaker.is_open():
        raise MailDown(breaker.reason)
    try:
        smtp = _connect(server)
    except OSError as error:
        breaker.failed(_reason(error))
        raise MailDown(_reason(error)) from None
    breaker.worked()
    try:
        smtp.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _code(error) >= 500:
            raise outbox.GiveUp(f"the mail was refused: {_reason(error)}") from None
        raise MailDown(_reason(error)) from None
    except OSError as error:
        raise MailDown(_reason(error)) from None
    finally:
        _leave(smtp)


def _reply(error: Exception) -> tuple[int, bytes]:
    """The code and words of the server, or 0 where it said nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return error.smtp_code, words if isinstance(words, bytes) else words.encode()
    return 0, b""


def _code(error: Exception) -> int:
    return _reply(error)[0]


def _reason(error: Exception) -> str:
    """`SMTPDataError 451 4.3.0`: what happened, without anybody's address."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"  # Which smtplib calls a lost connection.
    code, words = _reply(error)
    enhanced = ENHANCED_CODE.search(words)
    said = [str(code)] if code else []
    return " ".join([type(error).__name__, *said, *([enhanced.group().decode()] if enhanced else [])])


# --- a folder -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptMail:
    """A mail in the folder, as the mailbox page shows it."""

    name: str
    at: datetime
    subject: str
    sender: str
    to: str
    text: str
    html: str


def list_mails(limit: int) -> list[KeptMail]:
    """The newest mails of the folder, newest first."""
    folder = _folder(_address())
    found = [(path.stat().st_mtime_ns, path.stem) for path in folder.glob("*.eml") if NAME.fullmatch(path.stem)]
    return [read_mail(name) for _, name in sorted(found, reverse=True)[:limit]]


def read_mail(name: str) -> KeptMail:
    """Raises PathNotFound, also for a name that no mail of ours can have."""
    if not NAME.fullmatch(name):
        raise PathNotFound
    path = _folder(_address()) / f"{name}.eml"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise PathNotFound from None


@lru_cache(maxsize=256)  # Reading a mail takes 3 ms, and the list asks for a hundred of them every few seconds.
def _read(path: Path, written_ns: int) -> KeptMail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return KeptMail(
        name=path.stem,
        at=datetime.fromtimestamp(written_ns / 10**9, UTC),
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _folder(address: SplitResult) -> Path:
    return Path(unquote(address.path))


def _keep(message: EmailMessage, folder: Path) -> None:
    name = str(message["Message-ID"]).strip("<>").rpartition("@")[0]
    if not NAME.fullmatch(name):
        raise ValueError("this mail was not made by compose(): its Message-ID gives no file name")
    draft = folder / f".{name}.{secrets.token_hex(4)}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(message.as_bytes())
        os.replace(draft, folder / f"{name}.eml")  # noqa: PTH105 - whoever reads sees all of it or nothing
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise MailDown(f"{folder}: {error.strerror}") from None
