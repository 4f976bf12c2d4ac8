"""The client's address: the connection's, or what a declared proxy tells; nobody else is believed."""

from typing import Any

import pytest

from ippgateway.app.settings import Settings, SettingsError
from ippgateway.app.web.address import Addressed, told

PROXIES = Settings.from_env({"IPPGATEWAY_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,2001:db8::1"}).trusted_proxies


@pytest.mark.parametrize(
    ("connected", "forwarded", "client"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:DB8:0::99", "2001:db8::99"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        # Whoever is not trusted may have written what stands before him.
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "jens@example.org", "127.0.0.1"),
        ("127.0.0.1", "4111111111111111", "127.0.0.1"),
        ("127.0.0.1", "fe80::1%jens", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, x, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "1.2.3.4," + "10.0.0.1," * 5_000 + "10.0.0.2", "10.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "127.0.0.1"),
    ],
)
def test_each_trusted_hop_vouches_for_the_one_before_it(connected: str, forwarded: str, client: str) -> None:
    assert told(connected, forwarded, PROXIES) == client


@pytest.mark.parametrize("trusted", [PROXIES, ()])
async def test_everybody_behind_it_sees_one_address(trusted: Any) -> None:
    seen: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"])

    scope = {"type": "http", "client": ("127.0.0.1", 5), "headers": [(b"x-forwarded-for", b"198.51.100.1")]}
    await Addressed(app, trusted)(scope, None, None)  # type: ignore[arg-type]
    assert seen == [("198.51.100.1" if trusted else "127.0.0.1", 5)]


def test_nobody_is_trusted_unless_somebody_is_named() -> None:
    assert Settings.from_env({}).trusted_proxies == ()


@pytest.mark.parametrize("value", ["proxy.example", "0.0.0.0/0", "::/0", "127.0.0.1;x", "10.0.0.1/8", "1.1.1.1," * 101])
def test_what_is_no_address_of_a_proxy_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(SettingsError, match="IPPGATEWAY_TRUSTED_PROXIES: ") as caught:
        Settings.from_env({"IPPGATEWAY_TRUSTED_PROXIES": value})
    assert value[:9] not in str(caught.value)


@pytest.mark.parametrize(
    ("peer", "heard"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.1.2.3", True), ("::ffff:10.1.2.3", True),
     ("192.0.2.7", False), ("2001:db8::2", False), ("", False), (None, False)],
)  # fmt: skip
async def test_a_plain_listener_beyond_this_machine_answers_its_proxies_alone(peer: str | None, heard: bool) -> None:
    """CARD-2: whoever comes past the proxy comes unencrypted, and is turned away before anything is read."""
    reached: list[Any] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "client": (peer, 9) if peer is not None else None,
             "headers": [(b"x-forwarded-for", b"127.0.0.1")]}  # fmt: skip
    await Addressed(app, PROXIES, proxies_only=True)(scope, None, send)  # type: ignore[arg-type]
    assert bool(reached) is heard
    assert [each["status"] for each in sent[:1]] == ([] if heard else [403])
