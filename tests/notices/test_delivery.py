"""Mails into a folder, and over a real socket to a real SMTP server that is sometimes in a bad mood."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ihome.config import ConfigError
from ihome.kit import outbox
from ihome.kit.errors import PathNotFound
from ihome.notices import delivery
from ihome.notices.delivery import MailDown, list_mails, ping, read_mail, send
from ihome.notices.mails import compose, send_mail
from tests.site_process import free_port

BOB = "bob.secret@example.com"
PASSWORD = "p@ss/w:rd?"
QUOTED_PASSWORD = "p%40ss%2Fw%3Ard%3F"


def code_mail(key: str = "1", code: str = "042917") -> EmailMessage:
    return compose("code", to=BOB, language="zh", key=key, code=code, purpose="register", minutes=5)


def assert_quiet(error: BaseException) -> None:
    """What the outbox logs and keeps of this error says nothing about whose mail it was, or of what."""
    told = "".join(traceback.format_exception(error)) + str(error)
    assert "bob" not in told
    assert "042917" not in told
    assert "p@ss" not in told


# --- a folder -------------------------------------------------------------------------------------------------------


def test_the_same_mail_delivered_twice_is_one_file(tmp_path: Path) -> None:
    send(code_mail())
    send(code_mail())

    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]


def test_another_key_is_another_file_and_the_newest_comes_first(tmp_path: Path) -> None:
    for key in ("1", "2", "3"):
        send(code_mail(key, code=f"00000{key}"))
        time.sleep(0.01)

    assert ["000003" in mail.text for mail in list_mails(2)] == [True, False]
    assert len(list_mails(2)) == 2
    assert len(list_mails(10)) == 3


def test_a_mail_reads_back_as_it_was_written() -> None:
    send(code_mail())
    mail = read_mail(list_mails(1)[0].name)

    assert (mail.subject, mail.to, mail.sender) == ("您的爱家租房验证码", BOB, "爱家租房 <no-reply@localhost>")
    assert "042917" in mail.text
    assert "042917" in mail.html
    assert abs(mail.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_an_empty_mailbox_is_no_error() -> None:
    assert list_mails(10) == []


@pytest.mark.parametrize(
    "name", ["../secrets", "..%2fsecrets", "/etc/passwd", "code", "", "code." + "0" * 32, "code." + "0" * 32 + "\n"]
)
def test_a_name_that_is_no_mail_of_ours_is_not_found(name: str, tmp_path: Path) -> None:
    (tmp_path / "secrets.eml").write_text("From: nobody\n\nsecret")
    (tmp_path / "mail").mkdir()

    with pytest.raises(PathNotFound):
        read_mail(name)


def test_foreign_files_in_the_folder_are_not_shown(tmp_path: Path) -> None:
    send(code_mail())
    (tmp_path / "mail" / "notes.eml").write_text("hello")
    (tmp_path / "mail" / ".code.tmp").write_text("half a ma")

    assert len(list_mails(10)) == 1


def test_readers_never_see_half_a_mail() -> None:
    letter = code_mail()
    send(letter)
    name = list_mails(1)[0].name
    done = threading.Event()

    def rewrite() -> None:
        for _ in range(200):
            send(letter)
        done.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    while not done.is_set():
        assert "</html>" in read_mail(name).html
    writer.join()


def test_a_folder_that_cannot_be_written_is_tried_again_later(configure: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    configure(mail_url=f"file://{tmp_path}/file/mail")

    with pytest.raises(MailDown) as down:
        send(code_mail())
    assert_quiet(down.value)
    with pytest.raises(MailDown):
        ping()


def test_a_folder_with_spaces_and_chinese_in_its_name_works(configure: Any, tmp_path: Path) -> None:
    configure(mail_url=f"file://{tmp_path}/my%20邮件")
    send(code_mail())
    ping()

    assert len(list((tmp_path / "my 邮件").iterdir())) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.com",
        "smtp://u:hunter2@host:99999",
        "smtp://u:hunter2@host?tls=maybe",
        "smtp://u:hunter2@host?tls=tls",
        "smtp://u:hunter2@",
        "smtp://u:hunter2/x@host",
    ],
)
def test_a_wrong_setting_is_named_and_its_password_is_not(url: str, configure: Any) -> None:
    """By the configuration where it can tell, else by the first mail."""
    with pytest.raises((ConfigError, ValueError), match="IHOME_MAIL_URL") as wrong:  # noqa: PT012
        configure(mail_url=url)
        send(code_mail())
    assert "hunter2" not in "".join(traceback.format_exception(wrong.value))


# --- a server -------------------------------------------------------------------------------------------------------


class Postman:
    """An aiosmtpd handler that keeps what it is given, after saying what it is told to say."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.hello = ""

    async def handle_EHLO(self, server: Any, session: Any, envelope: Envelope, name: str, answers: list[str]) -> Any:
        session.host_name = self.hello = name
        return answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK").replace("ADDRESS", address)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 OK").replace("ADDRESS", envelope.rcpt_tos[0])
        if answer.startswith("250"):
            self.received.append(envelope)
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Envelope) -> str:
        return self.answers.get("QUIT", "221 Bye")


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def serve(postman: Postman) -> Iterator[Callable[..., int]]:
    """Start a server with these options of aiosmtpd; its port."""
    started: list[Controller] = []

    def start(**options: Any) -> int:
        controller = Controller(postman, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        started.append(controller)
        return controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def plain(serve: Callable[..., int], configure: Any) -> None:
    """A server without encryption, and the site pointed at it."""
    configure(mail_url=f"smtp://127.0.0.1:{serve()}?tls=none", mail_from="爱家租房 <no-reply@rent.example.com>")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator does who has a certificate authority of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def knows_the_site(server: Any, session: Any, envelope: Any, mechanism: str, sent: Any) -> AuthResult:
    right = isinstance(sent, LoginPassword) and (sent.login, sent.password) == (b"site", PASSWORD.encode())
    return AuthResult(success=right, handled=right)


LOCKED = {"require_starttls": True, "auth_required": True, "authenticator": knows_the_site}


@pytest.mark.usefixtures("plain")
def test_a_mail_reaches_the_server_as_it_was_written(postman: Postman) -> None:
    send_mail("code", to=BOB, language="zh", key="1", code="042917", purpose="register", minutes=5)

    [envelope] = postman.received
    assert envelope.mail_from == "no-reply@rent.example.com"
    assert envelope.rcpt_tos == [BOB]
    assert postman.hello == "rent.example.com"
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    assert b"Subject: =?utf-8?" in envelope.content


@pytest.mark.usefixtures("trusted")
def test_a_server_with_starttls_and_a_password(
    serve: Callable[..., int], tls: ssl.SSLContext, postman: Postman, configure: Any
) -> None:
    configure(mail_url=f"smtp://site:{QUOTED_PASSWORD}@127.0.0.1:{serve(tls_context=tls, **LOCKED)}?tls=starttls")
    ping()
    send(code_mail())

    assert len(postman.received) == 1


@pytest.mark.usefixtures("trusted")
def test_a_server_with_tls_from_the_start(
    serve: Callable[..., int], tls: ssl.SSLContext, postman: Postman, configure: Any
) -> None:
    configure(mail_url=f"smtps://127.0.0.1:{serve(ssl_context=tls)}")
    send(code_mail())

    assert len(postman.received) == 1


def test_a_certificate_that_nobody_signed_is_refused(
    serve: Callable[..., int], tls: ssl.SSLContext, postman: Postman, configure: Any
) -> None:
    configure(mail_url=f"smtp://127.0.0.1:{serve(tls_context=tls)}")
    with pytest.raises(MailDown, match="SSLCertVerificationError"):
        send(code_mail())

    assert postman.received == []


def test_encryption_is_the_default_and_is_never_given_up(
    serve: Callable[..., int], postman: Postman, configure: Any
) -> None:
    configure(mail_url=f"smtp://127.0.0.1:{serve()}")
    with pytest.raises(MailDown, match="SMTPNotSupportedError"):
        send(code_mail())

    assert postman.received == []


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_the_operators_to_mend_so_the_mail_waits(
    serve: Callable[..., int], tls: ssl.SSLContext, configure: Any
) -> None:
    configure(mail_url=f"smtp://site:{QUOTED_PASSWORD}x@127.0.0.1:{serve(tls_context=tls, **LOCKED)}")
    with pytest.raises(MailDown, match="SMTPAuthenticationError 535") as down:
        send(code_mail())

    assert_quiet(down.value)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("RCPT", "451 4.3.0 <ADDRESS> try again later", "SMTPRecipientsRefused 451 4.3.0"),
        ("RCPT", "421 closing", "SMTPRecipientsRefused 421"),
        ("DATA", "452 4.2.2 <ADDRESS> is full", "SMTPDataError 452 4.2.2"),
        ("MAIL", "550 5.7.1 no-reply may not send here", "SMTPSenderRefused 550 5.7.1"),
        ("MAIL", "451 busy", "SMTPSenderRefused 451"),
    ],
)
def test_what_waiting_may_mend_is_tried_again(step: str, answer: str, reason: str, postman: Postman) -> None:
    postman.answers[step] = answer
    with pytest.raises(MailDown) as down:
        send(code_mail())
    assert str(down.value) == reason
    assert_quiet(down.value)

    del postman.answers[step]
    send(code_mail())
    assert len(postman.received) == 1


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("RCPT", "550 5.1.1 <ADDRESS> no such user", "SMTPRecipientsRefused 550 5.1.1"),
        ("DATA", "554 5.7.1 <ADDRESS> does not want this", "SMTPDataError 554 5.7.1"),
    ],
)
def test_what_the_server_refuses_for_good_is_given_up(step: str, answer: str, reason: str, postman: Postman) -> None:
    postman.answers[step] = answer
    with pytest.raises(outbox.GiveUp) as refused:
        send(code_mail())

    assert str(refused.value) == f"the mail was refused: {reason}"
    assert_quiet(refused.value)


@pytest.mark.usefixtures("plain")
def test_a_server_that_stumbles_after_taking_the_mail_does_not_get_it_again(postman: Postman) -> None:
    postman.answers["QUIT"] = "421 I am too busy to say goodbye"
    send(code_mail())

    assert len(postman.received) == 1


def test_a_server_that_is_down_is_tried_again_later(configure: Any) -> None:
    configure(mail_url=f"smtp://127.0.0.1:{free_port()}?tls=none")

    with pytest.raises(MailDown, match="ConnectionRefusedError") as down:
        send(code_mail())
    assert_quiet(down.value)
    with pytest.raises(MailDown):
        ping()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        configure(mail_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none")
        started = time.monotonic()
        with pytest.raises(MailDown):
            send(code_mail())

    assert time.monotonic() - started < 2


def test_a_server_that_hangs_up_in_the_middle_is_tried_again_later(configure: Any) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as rude:

        def greet_and_leave() -> None:
            connection, _ = rude.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")
                connection.recv(1024)

        threading.Thread(target=greet_and_leave, daemon=True).start()
        configure(mail_url=f"smtp://127.0.0.1:{rude.getsockname()[1]}?tls=none")
        with pytest.raises(MailDown, match=r"SMTPServerDisconnected|ConnectionResetError"):
            send(code_mail())


def test_a_server_that_lets_nobody_in_keeps_one_mail_waiting(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", 0.5)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        configure(mail_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none")
        with pytest.raises(MailDown):
            send(code_mail())
        started = time.monotonic()
        for _ in range(10):
            with pytest.raises(MailDown, match="no answer in time"):
                send(code_mail())

    assert time.monotonic() - started < 2  # Ten times TIMEOUT are five.
