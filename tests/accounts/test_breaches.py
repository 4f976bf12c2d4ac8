"""Lists of leaked passwords: on this machine, and at a service that learns five digits."""

import io
import re
from collections.abc import AsyncIterator
from hashlib import sha1
from pathlib import Path

import pytest
from aiohttp import web

from gates import gate, way
from ippgateway.app.settings import Settings, SettingsError
from ippgateway.app.wiring import breaches_for
from ippgateway.connectors.breaches.local import LocalList, NotAList
from ippgateway.connectors.breaches.online import KAnonymity
from ippgateway.core import log
from ippgateway.core.database import NetworkInsideTransaction, _open_transaction
from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import AUTHENTICATE, SECURITY_PROVIDER

LEAKED = "vhqxzjwkmpbtrgdn-7"


def digits(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


class Service:
    """A range service on this machine: remembers what it was told, answers what a test says."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self.lines: list[str] = []
        self.status = 200
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        if self.status == 302:
            return web.Response(status=302, headers={"location": f"{self.url}/elsewhere"})
        return web.Response(status=self.status, text="\r\n".join(self.lines))


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    it = Service()
    runner = web.ServerRunner(web.Server(it.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    it.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield it
    await runner.cleanup()


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(log, "_stream", stream)
    return stream


def asking(service: Service, timeout_s: float = 10) -> KAnonymity:
    return KAnonymity(service.url, LocalList(), way(SECURITY_PROVIDER, AUTHENTICATE), timeout_s=timeout_s)


# --- the list on this machine ---


@pytest.mark.parametrize("typed", ["password", "PassWord", "123456", "qwerty"])
async def test_common_passwords_are_known_without_any_file(typed: str) -> None:
    assert await LocalList().leaked(Secret(typed))
    assert not await LocalList().leaked(Secret(LEAKED))


@pytest.mark.parametrize("count", [1, 2, 3, 100, 1001])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("counted", [True, False])
async def test_every_hash_of_a_file_is_found_and_no_other(count: int, end: str, counted: bool, tmp_path: Path) -> None:
    hashes = sorted(digits(f"leaked {n}") for n in range(count))
    lines = [f"{each}:{n * n + 1}" if counted else each for n, each in enumerate(hashes)]
    file = tmp_path / "hashes.txt"
    file.write_text(end.join(lines) + (end if count % 2 else ""), newline="")
    known = LocalList(file)
    step = max(1, count // 40)
    assert all([await known.leaked(Secret(f"leaked {n}")) for n in range(0, count, step)])
    assert not any([await known.leaked(Secret(f"other {n}")) for n in range(50)])


async def test_lower_case_hashes_are_read_too_and_a_count_of_none_is_none(tmp_path: Path) -> None:
    file = tmp_path / "hashes.txt"
    lines = sorted([f"{digits(LEAKED).lower()}:3", f"{digits('never').lower()}:0"])
    file.write_text("\n".join(lines))
    assert await LocalList(file).leaked(Secret(LEAKED))
    assert not await LocalList(file).leaked(Secret("never"))


@pytest.mark.parametrize("text", ["", "password\n", "<html>", "0" * 39, "0" * 41, "0" * 500])
def test_a_file_that_is_no_such_list_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "hashes.txt"
    file.write_text(text)
    with pytest.raises(NotAList, match="not a list"):
        LocalList(file)


async def test_a_file_that_went_away_keeps_nobody_out(tmp_path: Path, logged: io.StringIO) -> None:
    file = tmp_path / "hashes.txt"
    file.write_text(digits(LEAKED))
    known = LocalList(file)
    file.unlink()
    assert not await known.leaked(Secret(LEAKED))
    assert "list.unreadable" in logged.getvalue()
    assert "hashes.txt" not in logged.getvalue()


# --- the service ---


async def test_five_digits_leave_and_the_rest_is_compared_here(service: Service) -> None:
    service.lines = ["0" * 35 + ":4", digits(LEAKED)[5:] + ":17"]
    assert await asking(service).leaked(Secret(LEAKED))
    request = service.asked[0]
    assert re.fullmatch(r"/range/[0-9A-F]{5}", request.path_qs)
    assert request.path_qs == f"/range/{digits(LEAKED)[:5]}"
    assert request.headers["Add-Padding"] == "true"
    told = request.path_qs + "".join(f"{name}{value}" for name, value in request.headers.items())
    assert digits(LEAKED)[5:10] not in told
    assert "cookie" not in {name.lower() for name in request.headers}


async def test_padding_and_others_hashes_are_no_leak(service: Service) -> None:
    service.lines = [digits(LEAKED)[5:] + ":0", "A" * 35 + ":9"]
    assert not await asking(service).leaked(Secret(LEAKED))


async def test_what_the_local_list_has_never_leaves(service: Service) -> None:
    assert await asking(service).leaked(Secret("password"))
    assert service.asked == []


@pytest.mark.parametrize("status", [302, 404, 429, 500])
async def test_another_status_leaves_it_to_the_local_list(status: int, service: Service, logged: io.StringIO) -> None:
    service.status = status
    assert not await asking(service).leaked(Secret(LEAKED))
    assert len(service.asked) == 1, "no redirect is followed, nothing is asked twice"
    assert "service.silent" in logged.getvalue()


@pytest.mark.parametrize("lines", [["<html>"], ["A" * 35], ["A" * 35 + ":x"], ["A" * 34 + ":1"], ["x" * 2_000_000]])
async def test_an_answer_of_another_form_is_none(lines: list[str], service: Service, logged: io.StringIO) -> None:
    service.lines = [*lines, digits(LEAKED)[5:] + ":17"]
    assert not await asking(service).leaked(Secret(LEAKED))
    assert "service.silent" in logged.getvalue()


async def test_a_service_that_takes_too_long_or_is_away_is_left_alone(service: Service, logged: io.StringIO) -> None:
    service.lines = [digits(LEAKED)[5:] + ":17"]
    assert not await asking(service, timeout_s=0).leaked(Secret(LEAKED))
    assert '"why":"timeout"' in logged.getvalue()
    away = KAnonymity("http://127.0.0.1:9", LocalList(), way(SECURITY_PROVIDER, AUTHENTICATE))
    assert not await away.leaked(Secret(LEAKED))
    assert '"why":"no_answer"' in logged.getvalue()
    assert digits(LEAKED)[:5] not in logged.getvalue()
    assert LEAKED not in logged.getvalue()


async def test_it_is_not_asked_while_a_transaction_is_open(service: Service) -> None:
    mark = _open_transaction.set("account")
    try:
        with pytest.raises(NetworkInsideTransaction):
            await asking(service).leaked(Secret(LEAKED))
    finally:
        _open_transaction.reset(mark)
    assert service.asked == []


@pytest.mark.parametrize("url", ["http://breaches.example", "ftp://breaches.example", "breaches.example"])
def test_what_leaves_this_machine_is_encrypted(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        KAnonymity(url, LocalList(), way(SECURITY_PROVIDER, AUTHENTICATE))


# --- what an operator sets ---


def test_an_operator_s_file_and_service_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "hashes.txt"
    file.write_text(digits(LEAKED))
    env = {"IPPGATEWAY_BREACHED_PASSWORDS": str(file)}
    assert isinstance(breaches_for(Settings.from_env(env)), LocalList)
    env["IPPGATEWAY_BREACHES_URL"] = "https://breaches.example/"
    assert isinstance(breaches_for(Settings.from_env(env), gate()), KAnonymity)


@pytest.mark.parametrize("text", [None, "no list\n"])
def test_a_file_that_is_no_list_ends_the_start_with_a_sentence(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "hashes.txt"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError, match="IPPGATEWAY_BREACHED_PASSWORDS: must be a file") as refused:
        breaches_for(Settings.from_env({"IPPGATEWAY_BREACHED_PASSWORDS": str(file)}))
    assert file.name not in str(refused.value)
