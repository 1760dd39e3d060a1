"""The environment: what is wrong is named, what production must not run with is refused."""

import base64
import json
import stat
import subprocess
import sys

import pytest

from ihome.config import ConfigError, load

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def production(tmp_path):
    """Everything that a production site needs."""
    for name in ("private.pem", "public.pem"):
        (tmp_path / name).write_text("a key")
    return {
        "IHOME_ENV": "production",
        "IHOME_INSTANCE": str(tmp_path),
        "IHOME_BASE_URL": "https://rent.example.com",
        "IHOME_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "IHOME_IDENTITY_KEYS": f"1:{KEY}",
        "IHOME_IDENTITY_HASH_KEY": "fedcba9876543210fedcba9876543210",
        "IHOME_DATABASE_URL": "mysql://ihome:password@db/ihome",
        "IHOME_MAIL_URL": "smtp://mail.example.com:587?tls=starttls",
        "IHOME_PAYMENT_URL": "https://openapi.alipay.com/gateway.do",
        "IHOME_ALIPAY_APP_ID": "2021000000000000",
        "IHOME_ALIPAY_SELLER_ID": "2088000000000000",
        "IHOME_ALIPAY_PRIVATE_KEY": str(tmp_path / "private.pem"),
        "IHOME_ALIPAY_PUBLIC_KEY": str(tmp_path / "public.pem"),
    }


def refusal(environ):
    with pytest.raises(ConfigError) as refused:
        load(environ)
    return str(refused.value)


def test_nothing_has_to_be_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    config = load({})

    assert config.env == "development"
    assert config.database == f"sqlite:///{tmp_path}/instance/ihome.db"
    assert config.mail == f"file://{tmp_path}/instance/mail"
    assert config.storage == f"file://{tmp_path}/instance/media"
    assert config.uses_sandbox
    assert config.timezone == "Asia/Shanghai"


def test_settings_stand_in_a_file_too(production, tmp_path):
    lines = [
        "# Quotes go, what has no value counts as not set.",
        "",
        "IHOME_MAIL_FROM='爱家 <a@b.example>'",
        "IHOME_REDIS_URL=",
    ]
    file = tmp_path / "ihome.env"
    file.write_text("\n".join(lines + [f"{name}={value}" for name, value in production.items()]))

    config = load({"IHOME_ENV_FILE": str(file), "IHOME_BASE_URL": "https://other.example.com"})

    assert config.is_production
    assert config.database_url == "mysql://ihome:password@db/ihome"
    assert (config.mail_from, config.redis_url) == ("爱家 <a@b.example>", "")
    assert config.base_url == "https://other.example.com"  # The environment has the last word.


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("IHOME_ENV", "line 1"),
        ("\nexport IHOME_ENV=production", "line 2"),
        ("PATH=/bin", "line 1"),
        (None, "No such file"),
    ],
)
def test_a_file_of_settings_that_cannot_be_read_is_named(tmp_path, text, reason):
    file = tmp_path / "ihome.env"
    if text is not None:
        file.write_text(text)

    said = refusal({"IHOME_ENV_FILE": str(file)})

    assert said.startswith(f"IHOME_ENV_FILE: {file}")
    assert reason in said


def test_a_demo_gives_a_day_to_pay(tmp_path):
    given = {"IHOME_INSTANCE": str(tmp_path)}
    assert load(given).payment_minutes == 30
    assert load(given | {"IHOME_DEMO": "1"}).payment_minutes == 1440
    assert load(given | {"IHOME_DEMO": "1", "IHOME_PAYMENT_MINUTES": "10"}).payment_minutes == 10


def test_an_empty_variable_is_one_not_set(tmp_path):
    assert load({"IHOME_INSTANCE": str(tmp_path), "IHOME_TIMEZONE": "", "IHOME_ENV": ""}).timezone == "Asia/Shanghai"


def test_a_full_production_site_starts(production):
    assert load(production).is_production


WRONG = {
    "IHOME_ENV": ["prod", "Development"],
    "IHOME_BASE_URL": [
        "rent.example.com",
        "ftp://rent.example.com",
        "https://",
        "https://a b",
        "https://a/?x=1",
        "http://[::1",
        "http://x:99999",
        "http://x:port",
        "http://user:pw@x/",
        "https://爱家.example",
    ],
    "IHOME_MEDIA_BASE_URL": ["cdn", "//cdn.example.com", "https://[", "https://x:0", "https://u@x"],
    "IHOME_MAIL_FROM": [
        "nonsense",
        "a@b.example, c@d.example",
        "爱家租房",
        "爱家 <no-reply>",
        "a@b.example\nBcc: c@d.example",
    ],
    "IHOME_SECRET_KEY": ["short"],
    "IHOME_IDENTITY_KEYS": ["x", "1:x", f"0:{KEY}", f"256:{KEY}", f"a:{KEY}", "1:" + KEY[:20], f"1:{KEY} 1:{KEY}"],
    "IHOME_IDENTITY_HASH_KEY": ["short"],
    "IHOME_DATABASE_URL": [
        "ihome.db",
        "mongodb://127.0.0.1/ihome",
        "mysql",
        "sqlite",
        "mysql://db:port/ihome",
        "mysql://db/ihome?ssl_ca=/nowhere/ca.pem",
        "mysql://db/ihome?ssl_ca=/etc/hostname&ssl_verify_identity=true",
        "mysql://db/ihome?ssl_check_hostname=false",
        "mysql://db/ihome?sslmode=verify-full",
        "postgresql://db/ihome?pool_mode=statement",
        "postgresql://u:p@db:99999/ihome",
        "sqlite:///",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/ihome.db",
        "sqlite:////nowhere/ihome.db",
        "sqlite:////tmp",
    ],
    "IHOME_DATABASE_READ_URL": ["replica", "sqlite:////nowhere/ihome.db"],
    "IHOME_REDIS_URL": [
        "127.0.0.1:6379",
        "http://127.0.0.1",
        "redis://127.0.0.1:port/0",
        "redis://127.0.0.1:0",
        "redis://",
        "redis://:6379/0",
        "redis://127.0.0.1/cache",
        "redis://one,two/0",
        "redis://127.0.0.1/0?socket_timeout=60",
        "redis://127.0.0.1/0?ssl_ca_certs=/etc/ca.pem",
        "unix://",
        "unix:///run/redis.sock?db=x",
        "redis+sentinel://one:26379,two:26379",
        "redis+sentinel://one:26379,two:port/site/0",
        "redis+sentinel://one:26379,,/site/0",
        "redis+sentinel://one:26379/site/name",
        "redis+cluster://one:6379,two:6379/1",
        "sentinel://one:26379",
    ],
    "IHOME_BROKER_URL": [
        "127.0.0.1:5672",
        "kafka://127.0.0.1",
        "memory://",
        "sqla+sqlite:///broker.db",
        "amqp://127.0.0.1:port//",
        "amqp://127.0.0.1:99999//",
        "amqp://guest@:5672//",
        "redis://127.0.0.1:port/0",
        "redis+cluster://one:6379,two:6379",
        "sentinel://one:26379;sentinel://two:26379",
        "redis+sentinel://one:26379,two:26379",
    ],
    "IHOME_MAIL_URL": [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://mail.example.com:port",
        "file://relative/x",
    ],
    "IHOME_STORAGE_URL": ["media", "ftp://files.example.com", "s3:/bucket", "file://relative/x"],
    "IHOME_X_ACCEL": ["private", "/private", "//", "/../", "/private/;"],
    "IHOME_PAYMENT_URL": ["alipay", "http:/alipay"],
    "IHOME_TIMEZONE": ["Shanghai", "UTC+8", "../../etc/passwd"],
    "IHOME_TRUSTED_PROXIES": ["proxy", "10.0.0.0/99"],
    "IHOME_DEMO": ["perhaps"],
    "IHOME_REVIEW_OPENS": ["never"],
    "IHOME_IDENTITY_TO_BOOK": ["2"],
    "IHOME_ANSWER_HOURS": ["0", "241", "a day", "1.5"],
    "IHOME_PAYMENT_MINUTES": ["4", "1441", "soon"],
    "IHOME_LOG_LEVEL": ["loud"],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_names_the_variable(tmp_path, name):
    for value in WRONG[name]:
        assert refusal({"IHOME_INSTANCE": str(tmp_path), name: value}).startswith(f"{name}:"), value


@pytest.mark.parametrize("url", ["http://[::1]:5000", "https://rent.example.com/", "http://ihome_web-1:8080/shop"])
def test_addresses_that_are_right(tmp_path, url):
    assert load({"IHOME_INSTANCE": str(tmp_path), "IHOME_BASE_URL": url}).base_url == url.rstrip("/")


@pytest.mark.parametrize("sender", ["a@b.example", "爱家租房 <no-reply@localhost>", '"A, B" <a@b.example>'])
def test_senders_that_are_right(tmp_path, sender):
    assert load({"IHOME_INSTANCE": str(tmp_path), "IHOME_MAIL_FROM": sender}).mail_from == sender


def test_fastdfs_needs_to_know_where_its_files_are_served(tmp_path):
    given = {"IHOME_INSTANCE": str(tmp_path), "IHOME_STORAGE_URL": "fastdfs://10.0.0.1:22122,10.0.0.2:22122"}

    assert refusal(given).startswith("IHOME_MEDIA_BASE_URL:")
    assert load(given | {"IHOME_MEDIA_BASE_URL": "https://media.example.com"})


@pytest.mark.parametrize("private", ["media", "media/private", "."])
def test_what_is_one_persons_does_not_lie_among_the_pictures(tmp_path, private):
    given = {"IHOME_INSTANCE": str(tmp_path), "IHOME_PRIVATE": str(tmp_path / private)}

    assert refusal(given).startswith("IHOME_PRIVATE:")
    assert load(given | {"IHOME_PRIVATE": str(tmp_path / "private")}).private_folder == tmp_path / "private"


def test_nginx_needs_a_private_folder_outside_of_the_instance_folder(tmp_path):
    given = {"IHOME_INSTANCE": str(tmp_path), "IHOME_X_ACCEL": "/private/"}

    assert refusal(given).startswith("IHOME_PRIVATE:")
    assert load(given | {"IHOME_PRIVATE": str(tmp_path / "shown")}).x_accel == "/private/"


@pytest.mark.parametrize("name", ["IHOME_SECRET_KEY", "IHOME_IDENTITY_KEYS", "IHOME_DATABASE_URL", "IHOME_MAIL_URL"])
def test_a_refusal_does_not_repeat_what_may_be_secret(tmp_path, name):
    assert "hunter2" not in refusal({"IHOME_INSTANCE": str(tmp_path), name: "hunter2"})


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("IHOME_DATABSE_URL", "IHOME_DATABASE_URL"), ("IHOME_REDIS_URI", "IHOME_REDIS_URL"),
     ("IHOME_SECRETKEY", "IHOME_SECRET_KEY"), ("IHOME_MAIL_ULR", "IHOME_MAIL_URL"),
     ("IHOME_TIME_ZONE", "IHOME_TIMEZONE")],
)  # fmt: skip
def test_a_misspelt_name_is_named_with_the_one_that_is_meant(tmp_path, misspelt, meant):
    message = refusal({"IHOME_INSTANCE": str(tmp_path), misspelt: "x"})

    assert message.startswith(f"{misspelt}:")
    assert meant in message


def test_a_setting_that_is_not_one_is_refused(tmp_path):
    assert refusal({"IHOME_INSTANCE": str(tmp_path), "IHOME_COLOUR": "blue"}) == "IHOME_COLOUR: no such setting"


def test_other_programs_variables_are_left_alone(tmp_path):
    load({"IHOME_INSTANCE": str(tmp_path), "HOME": "/", "DATABASE_URL": "x"})


# --- production -------------------------------------------------------------------------------------------------------

REQUIRED = [
    "IHOME_SECRET_KEY", "IHOME_IDENTITY_KEYS", "IHOME_IDENTITY_HASH_KEY", "IHOME_BASE_URL", "IHOME_MAIL_URL",
    "IHOME_PAYMENT_URL", "IHOME_ALIPAY_APP_ID", "IHOME_ALIPAY_SELLER_ID", "IHOME_ALIPAY_PRIVATE_KEY",
    "IHOME_ALIPAY_PUBLIC_KEY",
]  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(production, name):
    del production[name]

    assert refusal(production).startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "value"),
    [("IHOME_SECRET_KEY", "a" * 64), ("IHOME_SECRET_KEY", "changeme" * 4), ("IHOME_IDENTITY_HASH_KEY", "a" * 64),
     ("IHOME_IDENTITY_KEYS", "1:" + base64.b64encode(bytes(32)).decode()), ("IHOME_BASE_URL", "http://rent.example.com"),
     ("IHOME_IDENTITY_HASH_KEY", "0123456789abcdef0123456789abcdef"),  # That of IHOME_SECRET_KEY.
     ("IHOME_PAYMENT_URL", "http://openapi.alipay.com/gateway.do"), ("IHOME_PAYMENT_URL", "sandbox"),
     ("IHOME_DEMO", "1"), ("IHOME_MAIL_URL", "file:///var/mail"),
     ("IHOME_ALIPAY_PRIVATE_KEY", "/nowhere/private.pem"), ("IHOME_ALIPAY_PUBLIC_KEY", "/nowhere/public.pem")],
)  # fmt: skip
def test_production_refuses(production, name, value):
    assert refusal(production | {name: value}).startswith(f"{name}:")


@pytest.mark.parametrize("name", ["IHOME_ALIPAY_PRIVATE_KEY", "IHOME_ALIPAY_PUBLIC_KEY"])
@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00"])
def test_a_key_file_that_holds_no_text_is_refused(production, tmp_path, name, content):
    (tmp_path / "empty.pem").write_bytes(content)

    assert refusal(production | {name: str(tmp_path / "empty.pem")}).startswith(f"{name}:")
    assert refusal(production | {name: str(tmp_path)}).startswith(f"{name}:")  # A folder cannot be read at all.


def test_a_password_with_signs_of_its_own_is_no_port(tmp_path):
    url = "mysql://ihome:a:1/b#c@db:3306/ihome"

    assert load({"IHOME_INSTANCE": str(tmp_path), "IHOME_DATABASE_URL": url}).database == url


def test_a_wrong_port_does_not_print_the_password(tmp_path):
    kinds = {"DATABASE": "mysql", "REDIS": "redis+sentinel", "BROKER": "amqp", "MAIL": "smtp"}
    for name, kind in kinds.items():
        url = f"{kind}://me:hunter2@host:port/1"
        assert "hunter2" not in refusal({"IHOME_INSTANCE": str(tmp_path), f"IHOME_{name}_URL": url})


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("REDIS", "redis://:p@ss@redis/0"), ("REDIS", "rediss://me:pw@redis:6380/15?ssl_ca_certs=/etc/ca.pem"),
        ("REDIS", "unix:///run/redis.sock?db=3"), ("REDIS", "redis+sentinel://:pw@a,b:26380,[::1]:26381/site/2"),
        ("REDIS", "rediss+sentinel://a/site?sentinel_password=pw"), ("REDIS", "redis+cluster://a:6379,b:6379,c:6379"),
        ("BROKER", "redis://redis:6379/1"), ("BROKER", "unix:///run/redis.sock"), ("BROKER", "amqp://me:pw@a,b:5673//"),
        ("BROKER", "amqps://me:pw@rabbit/rent"), ("BROKER", "redis+sentinel://a:26379,b:26379/site/1"),
    ],
)  # fmt: skip
def test_redis_and_brokers_in_all_their_shapes(tmp_path, name, url):
    config = load({"IHOME_INSTANCE": str(tmp_path), f"IHOME_{name}_URL": url})

    assert url in (config.redis_url, config.broker_url)


# --- the instance folder ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("env", ["development", "production"])
def test_only_its_owner_may_look_into_a_folder_that_is_made(production, tmp_path, env):
    load(production | {"IHOME_ENV": env, "IHOME_INSTANCE": str(tmp_path / "new" / "instance")})

    assert stat.S_IMODE((tmp_path / "new" / "instance").stat().st_mode) == 0o700


def test_a_folder_that_is_there_keeps_its_rights(tmp_path):
    tmp_path.chmod(0o750)

    load({"IHOME_INSTANCE": str(tmp_path)})

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize("below", [(), ("instance",)])
def test_an_instance_that_is_a_file_is_refused(production, tmp_path, env, below):
    (tmp_path / "file").write_text("")

    message = refusal(production | {"IHOME_ENV": env, "IHOME_INSTANCE": str(tmp_path.joinpath("file", *below))})

    assert message.startswith("IHOME_INSTANCE:")


def test_an_instance_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    def fail(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", fail)

    assert refusal({"IHOME_INSTANCE": str(tmp_path)}).startswith("IHOME_INSTANCE:")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b'{"secret_key": "x"}', b"\xff"])
def test_broken_secrets_are_said_to_be_broken(tmp_path, content):
    (tmp_path / "secrets.json").write_bytes(content)

    message = refusal({"IHOME_INSTANCE": str(tmp_path)})

    assert message.startswith("IHOME_INSTANCE:")
    assert "secrets.json is broken" in message


def test_production_does_not_use_the_secrets_of_development(production, tmp_path):
    load({"IHOME_INSTANCE": str(tmp_path)})
    assert (tmp_path / "secrets.json").exists()
    del production["IHOME_SECRET_KEY"]

    assert refusal(production).startswith("IHOME_SECRET_KEY:")


def test_the_gateway_needs_its_keys_in_development_too(production):
    environ = production | {"IHOME_ENV": "development"}
    del environ["IHOME_ALIPAY_PRIVATE_KEY"]

    assert refusal(environ).startswith("IHOME_ALIPAY_PRIVATE_KEY:")


def test_secrets_are_not_printed(production):
    shown = repr(load(production))

    for secret in (
        production["IHOME_SECRET_KEY"],
        production["IHOME_IDENTITY_HASH_KEY"],
        "password",
        str(bytes(range(32))),
    ):
        assert secret not in shown


def test_a_config_does_not_change(production):
    with pytest.raises(ValueError, match="frozen"):
        load(production).env = "development"


# --- keys -------------------------------------------------------------------------------------------------------------


def test_several_identity_keys(production):
    other = base64.b64encode(bytes(range(32, 64))).decode()

    keys = load(production | {"IHOME_IDENTITY_KEYS": f"1:{KEY}, 2:{other}"}).identity_keys

    assert keys == {1: bytes(range(32)), 2: bytes(range(32, 64))}


def test_secrets_are_made_once_and_kept_from_others(tmp_path):
    first, second = (load({"IHOME_INSTANCE": str(tmp_path / "new" / "instance")}) for _ in range(2))

    assert first == second
    path = tmp_path / "new" / "instance" / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secrets.json"]


def test_two_instances_have_different_secrets(tmp_path):
    secrets = {load({"IHOME_INSTANCE": str(tmp_path / name)}).secret_key for name in "ab"}

    assert len(secrets) == 2


def test_a_secret_that_is_given_is_used(tmp_path):
    assert load({"IHOME_INSTANCE": str(tmp_path), "IHOME_SECRET_KEY": "k" * 32}).secret_key == "k" * 32


def test_several_processes_at_once_agree_on_one_secret(tmp_path):
    program = "import sys; from ihome.config import load; sys.stdin.read(1); print(load().secret_key)"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"IHOME_INSTANCE": str(tmp_path / "instance")},
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in started:  # They have imported everything and wait for this.
        process.stdin.write("x")
        process.stdin.flush()
    seen = {process.communicate()[0].strip() for process in started}

    assert seen == {json.loads((tmp_path / "instance" / "secrets.json").read_text())["secret_key"]}
