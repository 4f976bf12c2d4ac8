"""Settings: defaults that follow from one another, and errors that name the variable and never its value."""

from pathlib import Path

import pytest

from ippgateway.app.settings import Settings, SettingsError, settings_table

CANARY = "canary-4929000000006"


def test_defaults_follow_from_the_settings_above_them() -> None:
    settings = Settings.from_env({"IPPGATEWAY_PORT": "9100", "IPPGATEWAY_ACQUIRER_TIMEOUT_S": "1.5"})
    assert settings.data_dir == Path("var").absolute()
    assert (settings.acquirer_host, settings.acquirer_port) == ("127.0.0.1", 9101)
    assert settings.directory_url == "http://127.0.0.1:9103"
    assert settings.sandbox_late_s == 3.5
    assert settings.notify_private
    assert settings.database_url is None


def test_without_the_sandbox_the_real_ends_must_be_named_and_private_addresses_are_closed() -> None:
    real = {
        "IPPGATEWAY_SANDBOX": "off",
        "IPPGATEWAY_ACQUIRER_HOST": "localhost",
        "IPPGATEWAY_ACQUIRER_PORT": "7000",
        "IPPGATEWAY_DIRECTORY_URL": "https://directory.example/",
        "IPPGATEWAY_SMTP_HOST": "mail.example",
        "IPPGATEWAY_SMTP_SENDER": "no-reply@gateway.example",
        "IPPGATEWAY_CONTROLLER": "Gateway ApS, CVR 12345678",
        "IPPGATEWAY_SUPPORT_ADDRESS": "support@gateway.example",
    }
    assert not Settings.from_env(real).notify_private
    for name in list(real)[1:]:
        with pytest.raises(SettingsError, match=name):
            Settings.from_env({n: v for n, v in real.items() if n != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", CANARY),
        ("PORT", "0"),
        ("PORT", "65530"),
        ("PORT", "9" * 5000),
        ("HOST", "0.0.0.0"),  # noqa: S104 - refused
        ("HOST", CANARY),
        ("SANDBOX", CANARY),
        ("ROLE_PREFIX", "Robert'); --"),
        ("ACQUIRER_TIMEOUT_S", "nan"),
        ("DIRECTORY_URL", f"http://{CANARY}.example"),
        ("DIRECTORY_URL", f"http://[{CANARY}"),
        ("BREACHES_URL", f"http://{CANARY}.example"),
        ("LOG_LEVEL", CANARY),
        ("DATA_DIRECTORY", CANARY),
        ("PORTALS", CANARY),
        ("PORTALS", f"http://{CANARY}.example"),
        ("PORTALS", f"https://{CANARY}.example/path"),
        ("PORTALS", f"https://{CANARY}@portal.example"),
        ("PORTALS", f"https://{CANARY}.example?x"),
        ("PORTALS", f"https://portal.example,{CANARY}"),
        ("PORTALS", f"https://[{CANARY}"),
        ("OPERATOR_NAME", f"<b>{CANARY}</b>"),
        ("OPERATOR_NAME", f"{CANARY}\nBcc: x@y.example"),
        ("SMTP_TLS", CANARY),
        ("SMTP_SENDER", CANARY),
        ("SMTP_SENDER", f"{CANARY}@a.example\nBcc: x@y.example"),
        ("SMTP_USER", f"{CANARY}\n"),
        ("DATABASE_URL", f"mysql://user:{CANARY}@localhost/x"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@[::1/x"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@/x"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@db.example/x"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@db.example/x?sslmode=require"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@localhost,db.example/x"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@localhost/x?host=db.example"),
        ("DATABASE_URL", f"postgresql://user:{CANARY}@db.example/x?sslmode=verify-full&sslmode=disable"),
    ],
)
def test_a_bad_value_is_named_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"IPPGATEWAY_{name}: ") as caught:
        Settings.from_env({f"IPPGATEWAY_{name}": value})
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://owner:4929-0000@127.0.0.1:5433/x",
        "postgresql://owner:4929-0000@[::1]:5433/x",
        "postgresql:///x?host=/run/postgresql",
        "postgresql://owner:4929-0000@db.example/x?sslmode=verify-full",
    ],
)
def test_a_server_on_this_machine_or_one_with_a_verified_certificate_is_taken(url: str) -> None:
    settings = Settings.from_env({"IPPGATEWAY_DATABASE_URL": url})
    assert settings.database_url is not None
    assert settings.database_url.open() == url
    assert "4929-0000" not in repr(settings)


def test_portals_are_origins() -> None:
    named = "https://Portal.example/, https://other.example:8443,http://localhost:81"
    assert Settings.from_env({"IPPGATEWAY_PORTALS": named}).portals == (
        "https://portal.example", "https://other.example:8443", "http://localhost:81",
    )  # fmt: skip
    assert Settings.from_env({}).portals == ()


def test_an_empty_value_is_no_value() -> None:
    assert Settings.from_env({"IPPGATEWAY_DATABASE_URL": "", "IPPGATEWAY_PORT": ""}).port == 8000


def test_every_socket_path_fits_however_long_the_data_directory_is() -> None:
    settings = Settings.from_env({"IPPGATEWAY_DATA_DIR": "/" + "long/" * 60})
    assert len(str(settings.zone_socket("console"))) < 104
    assert len(str(settings.postgres_socket_dir / ".s.PGSQL.5432")) < 104
    assert settings.run_dir != Settings.from_env({"IPPGATEWAY_DATA_DIR": "/" + "other/" * 60}).run_dir


def test_the_table_lists_every_setting_once() -> None:
    table = settings_table()
    for name in Settings.__dataclass_fields__:
        assert table.count(f"| `IPPGATEWAY_{name.upper()}` |") == 1


BEYOND = {"IPPGATEWAY_HOST": "192.0.2.1"}
TLS = {"IPPGATEWAY_TLS_CERTIFICATE": "/tls/chain.pem", "IPPGATEWAY_TLS_KEY": "/tls/key.pem"}
FAR = {"IPPGATEWAY_ACQUIRER_HOST": "acquirer.example"}


def test_whatever_leaves_this_machine_is_encrypted() -> None:
    """CARD-2: beyond loopback we listen with TLS or behind a declared proxy, and speak to an acquirer with TLS."""
    with pytest.raises(SettingsError, match=r"IPPGATEWAY_HOST: .*TLS_CERTIFICATE or TRUSTED_PROXIES"):
        Settings.from_env(BEYOND)
    assert Settings.from_env(BEYOND | TLS).host == "192.0.2.1"
    proxied = BEYOND | {"IPPGATEWAY_TRUSTED_PROXIES": "127.0.0.1,192.0.2.9"}
    assert Settings.from_env(proxied).is_plain_beyond_loopback
    assert not Settings.from_env(proxied | TLS).is_plain_beyond_loopback
    assert not Settings.from_env({}).is_plain_beyond_loopback
    with pytest.raises(SettingsError, match=r"IPPGATEWAY_HOST: .*every one of TRUSTED_PROXIES"):
        Settings.from_env(BEYOND | {"IPPGATEWAY_TRUSTED_PROXIES": "127.0.0.1,::1"})
    with pytest.raises(SettingsError, match="IPPGATEWAY_TLS_KEY"):
        Settings.from_env({"IPPGATEWAY_TLS_CERTIFICATE": "/tls/chain.pem"})
    assert Settings.from_env(FAR).acquirer_tls
    with pytest.raises(SettingsError, match="IPPGATEWAY_ACQUIRER_TLS"):
        Settings.from_env(FAR | {"IPPGATEWAY_ACQUIRER_TLS": "off"})
    assert not Settings.from_env({}).acquirer_tls


def test_letters_leave_this_machine_encrypted_alone() -> None:
    far = {"IPPGATEWAY_SMTP_HOST": "mail.example"}
    assert Settings.from_env({}).smtp_tls == "off"
    assert (Settings.from_env(far).smtp_tls, Settings.from_env(far).smtp_port) == ("starttls", 587)
    with pytest.raises(SettingsError, match="IPPGATEWAY_SMTP_TLS"):
        Settings.from_env(far | {"IPPGATEWAY_SMTP_TLS": "off"})
    with pytest.raises(SettingsError, match="IPPGATEWAY_SMTP_PASSWORD"):
        Settings.from_env(far | {"IPPGATEWAY_SMTP_USER": "us"})
    known = Settings.from_env(far | {"IPPGATEWAY_SMTP_USER": "us", "IPPGATEWAY_SMTP_PASSWORD": CANARY})
    assert CANARY not in repr(known)
