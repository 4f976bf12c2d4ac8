"""A real installation begins with one letter: to its first administrator, from the command line."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import pytest

from ippgateway.app.promises_command import over_http
from ippgateway.app.settings import Settings
from ippgateway.promises.context import Ask

from .client import until

if TYPE_CHECKING:
    from running import Running

EMAIL = "first.administrator@ipp.example"
PASSWORD = "eleven quiet hedgehogs, 7 lamps"


@pytest.fixture
async def ask(installation: Settings) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield over_http(http, installation)


def invited(running: "Running", email: str, **more: str) -> subprocess.CompletedProcess[str]:
    said = {"employer": "IPP", "country": "DK", **more}
    words = [word for name, text in said.items() for word in (f"--{name}", text)]
    return subprocess.run(
        [sys.executable, "-m", "ippgateway.app.cli", "staff", "invite", *words],
        env=running.env, input=f"{email}\n", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


async def letter_to(settings: Settings, email: str) -> str:
    found: list[dict[str, str]] = []

    async def arrived() -> bool:
        url = f"http://127.0.0.1:{settings.sandbox_mailbox_port}/messages.json"
        async with aiohttp.ClientSession() as http, http.get(url, params={"to": email}) as answer:
            found[:] = (await answer.json())["messages"]
        return bool(found)

    await until(arrived, "the letter arrives")
    return found[0]["text"]


async def test_whoever_is_invited_from_the_command_line_comes_in_by_a_link_that_is_good_once(
    running: "Running", installation: Settings, ask: Ask
) -> None:
    done = await asyncio.to_thread(invited, running, EMAIL)
    assert done.returncode == 0, done.stderr
    assert EMAIL not in done.stdout + done.stderr
    link = re.search(r"http\S+/invite/\S+", await letter_to(installation, EMAIL))
    assert link is not None
    at = urlsplit(link.group())
    assert (at.hostname or "").startswith("desk.")
    taken = await ask(at.path.lstrip("/"), {"password": PASSWORD, "name": "First"}, "desk")
    assert taken.status == 303, taken.text
    assert taken.headers["location"] != "/sign-in"
    assert "set-cookie" in taken.headers
    again = await ask(at.path.lstrip("/"), {"password": PASSWORD, "name": "First"}, "desk")
    assert "set-cookie" not in again.headers


async def test_the_same_address_is_not_invited_twice(running: "Running", installation: Settings) -> None:
    first, second = invited(running, "twice@ipp.example"), invited(running, "twice@ipp.example")
    assert (first.returncode, second.returncode) == (0, 2)
    assert "has it already" in second.stderr


@pytest.mark.parametrize(
    ("more", "why"),
    [({"country": "US"}, "EEA"), ({"role": "king"}, "no such role"), ({"employer": " "}, "employer")],
    ids=["from beyond the EEA", "without a role", "without an employer"],
)
def test_nobody_of_ours_comes(running: "Running", more: dict[str, str], why: str) -> None:
    done = invited(running, "nobody.of.ours@ipp.example", **more)
    assert done.returncode == 2
    assert why in done.stderr


def test_who_invited_stands_on_a_trail_that_holds_while_the_platform_runs(running: "Running") -> None:
    before = running.command("audit", "verify")
    assert before.returncode == 0, before.stdout
    assert invited(running, "on.the.trail@ipp.example").returncode == 0
    after = running.command("audit", "verify")
    assert after.returncode == 0, after.stdout
    length = [int(re.sub(r"\D", "", done.stdout)) for done in (before, after)]
    assert length[1] > length[0]
