"""Every setting of the program: type, default and one line that says what it is for.

Settings come from the environment alone (`IPPGATEWAY_*`) and are read once, by `Settings.from_env`. An unknown name or
a bad value ends the start with one sentence that names the variable and never shows its value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ippgateway.app.setting_places import PORTS_USED, Places
from ippgateway.app.setting_values import (
    HIGHEST_PORT,
    HOST_NAME,
    Network,
    Parse,
    Unfit,
    is_loopback,
    line,
    listening_host,
    mailbox,
    networks,
    origins,
    path,
    seconds,
    secret,
    service_url,
    switch,
    title,
    whole,
    word,
)
from ippgateway.app.setting_values import database_url as postgres_url
from ippgateway.core.secret import Secret

PREFIX = "IPPGATEWAY_"
LOOPBACK = "127.0.0.1"


class SettingsError(ValueError):
    """A setting is unknown, missing or out of its range. Names the variable, never its value."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{PREFIX}{name.upper()}: {why}")


_Later = Callable[[dict[str, Any]], Any]


def _setting(parse: Parse, default: str | _Later | None, doc: str, *, shown: str | None = None) -> Any:
    """Declare a setting. `default` is text as in the environment, or a function of the settings above this one."""
    if shown is None:
        shown = default if isinstance(default, str) else "none"
    return field(metadata={"parse": parse, "default": default, "doc": doc, "shown": shown})


def _sandbox_or_fail(name: str, value: Callable[[dict[str, Any]], Any]) -> _Later:
    def default(before: dict[str, Any]) -> Any:
        if not before["sandbox"]:
            raise SettingsError(name, f"must be set when {PREFIX}SANDBOX is off")
        return value(before)

    return default


@dataclass(frozen=True, kw_only=True, eq=False)
class Settings(Places):
    """All settings of one installation, and the places that follow from them."""

    data_dir: Path = _setting(path, "./var", "Where data, keys and logs live.")  # noqa: RUF009 - a field
    port: int = _setting(
        whole(1, HIGHEST_PORT - PORTS_USED + 1),
        "8000",
        "The payment entrance; the seven ports above it are ours too.",
    )
    host: str = _setting(
        listening_host, LOOPBACK, "The address to listen on; beyond loopback with TLS, else for declared proxies only."
    )
    tls_certificate: Path | None = _setting(  # noqa: RUF009 - a field
        path, None, "A certificate with its chain (PEM), to listen with TLS 1.2 or newer; needs TLS_KEY."
    )
    tls_key: Path | None = _setting(path, None, "The certificate's private key (PEM).")  # noqa: RUF009 - a field
    domain: str = _setting(
        word(HOST_NAME, "must be a host name"),
        "localhost",
        "Pages are at names below this one: pay, mine, console, site.",
    )
    operator_name: str = _setting(
        title, "IPP", "Who offers the Platform: the name on its pages and in its letters (BRAND-1)."
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        networks,
        "",
        "Addresses or networks of front proxies, with commas between; they tell whom they speak for.",
        shown="none",
    )
    database_url: Secret[str] | None = _setting(  # noqa: RUF009 - a field
        postgres_url,
        None,
        "An external PostgreSQL, as an owner that may create roles; unset: one of our own is started.",
    )
    keys_database_url: Secret[str] | None = _setting(  # noqa: RUF009 - a field
        postgres_url,
        lambda s: s["database_url"],
        "An external PostgreSQL for the wrapped keys; unset: one of our own, or DATABASE_URL's.",
        shown="DATABASE_URL",
    )
    role_prefix: str = _setting(
        word(r"[a-z][a-z0-9_]{0,15}", "must be a letter and at most 15 letters, digits or underscores, in lower case"),
        "ipp",
        "Begins the name of every role and database of this installation.",
    )
    master_keys: str = _setting(
        word("file|pkcs11", "must be file or pkcs11"), "file", "Where the master keys are: files, or a PKCS#11 token."
    )
    pkcs11_module: Path | None = _setting(  # noqa: RUF009 - a field
        path, None, "The token's PKCS#11 library; goes with PKCS11_TOKEN and PKCS11_PIN_FILE."
    )
    pkcs11_token: str = _setting(word(r"[ -~]{0,32}", "must be printable"), "", "The token's label.", shown="none")
    pkcs11_pin_file: Path | None = _setting(  # noqa: RUF009 - a field
        path, None, "A file with the token's user PIN, for its owner alone."
    )
    key_epoch_days: int = _setting(
        whole(1, 365), "30", "How old an epoch of wrapping keys grows at most, days; destroyed keys are gone with it."
    )
    backup_days: int = _setting(
        whole(1, 365), "30", "How long backups of data and keys are kept, days; `ippgateway backup` removes older ones."
    )
    sandbox: bool = _setting(
        switch, "on", "Whether the sandbox is started: acquirer, 3-D Secure servers, shop, mail server."
    )
    acquirer_host: str = _setting(
        word(HOST_NAME, "must be a host name or address"),
        _sandbox_or_fail("acquirer_host", lambda _: LOOPBACK),
        "The acquirer's ISO 8583 host.",
        shown=f"{LOOPBACK} (sandbox)",
    )
    acquirer_port: int = _setting(
        whole(1, HIGHEST_PORT),
        _sandbox_or_fail("acquirer_port", lambda s: s["port"] + 1),
        "The acquirer's port.",
        shown="PORT + 1 (sandbox)",
    )
    acquirer_tls: bool = _setting(
        switch,
        lambda s: not is_loopback(s["acquirer_host"]),
        "Whether the acquirer link is encrypted; must be on when the acquirer is another machine.",
        shown="off on loopback, else on",
    )
    acquirer_ca: Path | None = _setting(  # noqa: RUF009 - a field
        path, None, "Certificates (PEM) that the acquirer's is checked against; unset: the system's."
    )  # fmt: skip
    acquirer_timeout_s: float = _setting(
        seconds(0.1, 60), "5", "How long an answer of the acquirer is waited for, seconds."
    )
    acquirer_echo_s: float = _setting(seconds(1, 3600), "30", "How long the link is idle before an echo, seconds.")
    sandbox_late_s: float = _setting(
        seconds(0.1, 600),
        lambda s: s["acquirer_timeout_s"] + 2,
        "When the sandbox acquirer answers the test card `late`, seconds.",
        shown="ACQUIRER_TIMEOUT_S + 2",
    )
    directory_url: str = _setting(
        service_url,
        _sandbox_or_fail("directory_url", lambda s: f"http://{LOOPBACK}:{s['port'] + 3}"),
        "The 3-D Secure directory server.",
        shown=f"http://{LOOPBACK}:PORT + 3 (sandbox)",
    )
    directory_timeout_s: float = _setting(
        seconds(0.1, 300), "10", "How long the directory server's answer is waited for, seconds."
    )
    smtp_host: str = _setting(
        word(HOST_NAME, "must be a host name or address"),
        _sandbox_or_fail("smtp_host", lambda _: LOOPBACK),
        "The mail server that carries our letters.",
        shown=f"{LOOPBACK} (sandbox)",
    )
    smtp_port: int = _setting(
        whole(1, HIGHEST_PORT),
        lambda s: s["port"] + 6 if s["sandbox"] and is_loopback(s["smtp_host"]) else 587,
        "The mail server's port.",
        shown="PORT + 6 (sandbox), else 587",
    )
    smtp_tls: str = _setting(
        word("starttls|tls|off", "must be starttls, tls or off"),
        lambda s: "off" if is_loopback(s["smtp_host"]) else "starttls",
        "How the way to the mail server is encrypted; off is for this machine alone.",
        shown="off on loopback, else starttls",
    )
    smtp_ca: Path | None = _setting(  # noqa: RUF009 - a field
        path, None, "Certificates (PEM) that the mail server's is checked against; unset: the system's."
    )
    smtp_user: str = _setting(
        word(r"[ -~]{0,254}", "must be printable"), "", "Our name at the mail server.", shown="none"
    )
    smtp_password: Secret[str] | None = _setting(  # noqa: RUF009 - a field
        secret, None, "Our password at the mail server; goes with SMTP_USER."
    )
    smtp_sender: str = _setting(
        mailbox,
        _sandbox_or_fail("smtp_sender", lambda s: f"no-reply@{s['domain']}"),
        "The address that our letters come from.",
        shown="no-reply@DOMAIN (sandbox)",
    )
    controller: str = _setting(
        line, _sandbox_or_fail("controller", lambda _: "whoever runs this sandbox"),
        "Who runs this installation, by their name in law, as policy and terms have it.",
        shown="whoever runs this sandbox (sandbox)",
    )  # fmt: skip
    support_address: str = _setting(
        mailbox, _sandbox_or_fail("support_address", lambda s: f"support@{s['domain']}"),
        "Where people write about their data, as the policy says.", shown="support@DOMAIN (sandbox)",
    )  # fmt: skip
    console_version: str = _setting(
        word(r"\d{1,4}\.\d{1,4}\.\d{1,4}", "must be three numbers with points between"), "1.4.5",
        "The version that the classic interface tells its consoles.",
    )  # fmt: skip
    portals: tuple[str, ...] = _setting(
        origins,
        "",
        "Origins of consoles elsewhere that a letter about a forgotten password may lead to, with commas between.",
        shown="none",
    )
    checkout_ttl_s: int = _setting(whole(60, 31_536_000), "86400", "How long a checkout can be paid, seconds.")
    session_idle_s: int = _setting(
        whole(60, 2_592_000), "3600", "How long a session of the wire contract may be idle, seconds."
    )
    browser_idle_s: int = _setting(
        whole(60, 86_400), "900", "How long a sign-in in a browser may be idle, seconds (PCI DSS 8.2.8: 15 minutes)."
    )
    breached_passwords: Path | None = _setting(  # noqa: RUF009 - a field
        path,
        None,
        "A file of leaked passwords that nobody may choose: their SHA-1 in hexadecimal, a line each, in order.",
    )
    breaches_url: str | None = _setting(
        service_url,
        None,
        "A service that is asked about new passwords besides; it learns five digits of a hash (k-anonymity).",
    )
    notify_private: bool = _setting(
        switch, lambda s: s["sandbox"], "Whether notifications may go to private and loopback addresses.",
        shown="as SANDBOX",
    )  # fmt: skip
    promises_every_s: int = _setting(
        whole(0, 2_592_000), "21600",
        "How often the promises are checked for the site's page /trust, seconds; 0: by hand alone.",
    )  # fmt: skip
    log_level: str = _setting(
        word("debug|info|warning|error", "must be debug, info, warning or error"), "info", "The least level logged."
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """The settings in `env`. An empty value counts as unset. Raises SettingsError."""
        known = {f.name for f in fields(cls)}
        for name in env:
            if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in known:
                raise SettingsError(name.removeprefix(PREFIX), "no such setting; `ippgateway settings` lists them")
        values: dict[str, Any] = {}
        for f in fields(cls):
            values[f.name] = _value(f.name, f.metadata, env.get(PREFIX + f.name.upper(), ""), values)
        _agree(values)
        return cls(**values)

    @property
    def is_plain_beyond_loopback(self) -> bool:
        """Whether we listen without TLS where others than this machine reach us: for declared proxies alone."""
        return not is_loopback(self.host) and self.tls_certificate is None


def _agree(values: Mapping[str, Any]) -> None:
    """Settings that only make sense together: whatever leaves this machine is encrypted (CARD-2). Raises
    SettingsError."""
    whole_token = values["pkcs11_module"] and values["pkcs11_token"] and values["pkcs11_pin_file"]
    if values["master_keys"] == "pkcs11" and not whole_token:
        raise SettingsError("master_keys", "pkcs11 needs PKCS11_MODULE, PKCS11_TOKEN and PKCS11_PIN_FILE")
    if (values["tls_certificate"] is None) is not (values["tls_key"] is None):
        raise SettingsError("tls_key", "a certificate and its key belong together")
    if not is_loopback(values["host"]) and not values["tls_certificate"]:
        if not values["trusted_proxies"]:
            raise SettingsError("host", "must be a loopback address, unless TLS_CERTIFICATE or TRUSTED_PROXIES is set")
        if all(network.is_loopback for network in values["trusted_proxies"]):
            raise SettingsError("host", "must be a loopback address, as every one of TRUSTED_PROXIES is")
    if not is_loopback(values["acquirer_host"]) and not values["acquirer_tls"]:
        raise SettingsError("acquirer_tls", "must be on, because the acquirer is another machine")
    if not is_loopback(values["smtp_host"]) and values["smtp_tls"] == "off":
        raise SettingsError("smtp_tls", "must be starttls or tls, because the mail server is another machine")
    if bool(values["smtp_user"]) is not (values["smtp_password"] is not None):
        raise SettingsError("smtp_password", "a user and a password belong together")


def _value(name: str, declared: Mapping[str, Any], text: str, before: dict[str, Any]) -> Any:
    default = declared["default"]
    if not text:
        if default is None:
            return None
        if callable(default):
            return default(before)
        text = default
    try:
        return declared["parse"](text)
    except Unfit as why:
        raise SettingsError(name, str(why)) from None
    except ValueError:
        raise SettingsError(name, "is malformed") from None  # a library's sentence may quote the value


def settings_table() -> str:
    """The settings as a Markdown table: variable, default, description."""
    rows = [(f"`{PREFIX}{f.name.upper()}`", f"`{f.metadata['shown']}`", f.metadata["doc"]) for f in fields(Settings)]
    lines = ["| variable | default | what it is |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    return "\n".join(lines)
