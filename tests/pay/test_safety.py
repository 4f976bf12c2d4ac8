"""What a browser may load and run on the payment page, compared with what it did (PCI DSS 6.4.3 and 11.6.1)."""

import asyncio
import base64
import gzip
import json
import re
import shutil
import subprocess
import urllib.request
from datetime import UTC, datetime
from hashlib import sha384
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from payer import Shop, bank_of, confirm, fill, paid
from playwright.async_api import Response

from browser import OpenPage
from ippgateway.domains.cards import brands
from ippgateway.domains.payments.service import ChallengeForm
from ippgateway.faces.pages import headers as shared
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pay import files, words
from ippgateway.faces.pay.challenge import _Pages
from ippgateway.faces.pay.files import LOADER, Files, page_headers, scripts_page
from ippsandbox.shop.pages import policy as shop_policy

STATIC = Path(files.__file__).parent / "static"
SCRIPTS = sorted([*STATIC.glob("*.js"), *(Path(shared.__file__).parent / "static").glob("*.js")])


def printed() -> Files:
    return Files(checked_at=datetime(2026, 3, 4, tzinfo=UTC))


def get(address: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize(
    ("card", "runs"),
    [("approve_visa", {"core.js", "seen.js"}), ("challenge", {"core.js", "seen.js", "challenge.js"})],
)
async def test_a_browser_loads_and_runs_what_the_inventory_says_and_nothing_else(
    open_page: OpenPage, demo_shop: Shop, running_url: str, card: str, runs: set[str]
) -> None:
    page = await open_page()
    came: list[Response] = []
    scripts: dict[str, asyncio.Future[bytes]] = {}

    def look(response: Response) -> None:
        if len(response.frame.page.frames) > 2 and response.frame.parent_frame not in (None, page.main_frame):
            return  # the bank's own page, in a frame of the frame that is ours
        came.append(response)
        if response.request.resource_type == "script":  # its body is gone when the page is
            scripts[urlsplit(response.url).path] = asyncio.ensure_future(response.body())

    page.on("response", look)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    checkout = demo_shop.checkout()
    await page.goto(checkout.url)
    number = demo_shop.cards[card]
    await fill(page, number)
    await page.click("#pay")
    if card == "challenge":
        await confirm(bank_of(page, "#challenge iframe"))
    await paid(page)
    inventory = {s["path"]: s for s in json.loads(get(f"{running_url}/pay/scripts.json")[0])["scripts"]}
    assert {inventory[path]["name"] for path in scripts} == runs
    for path, ran in scripts.items():
        assert inventory[path]["integrity"] == f"sha384-{base64.b64encode(sha384(await ran).digest()).decode()}"
    assert {f"{urlsplit(r.url).scheme}://{urlsplit(r.url).netloc}" for r in came} == {demo_shop.pay_url}
    cards = [r.url for r in came if number in (r.request.post_data or "")]
    assert {urlsplit(url).path for url in cards} == {"/payments/secure", "/payments/authorize"}
    assert said == []


async def test_the_headers_are_those_that_are_declared(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await open_page()
    answer = await page.goto(demo_shop.checkout().url)
    assert answer is not None
    received = await answer.all_headers()
    for name, value in page_headers(demo_shop.pay_url).items():
        assert received[name] == value
    policy = received["content-security-policy"]
    assert "unsafe" not in policy
    assert set(re.findall(r"https?://[^ ;]+", policy)) == {demo_shop.pay_url}
    assert "frame-ancestors 'none'" in policy
    assert "set-cookie" not in received


@pytest.mark.parametrize(
    ("bank", "allowed"),
    [("https://acs.bank.example", "'self' https:"), ("http://127.0.0.1:9", "'self' http://127.0.0.1:9")],
)
def test_a_bank_may_send_its_customer_on_and_ask_for_a_passkey(bank: str, allowed: str) -> None:
    sent = ChallengeForm(address=f"{bank}/challenge", origin=bank, creq="e30")
    page = _Pages(printed().press).onward(sent, {"type": "http", "headers": []})
    policy = page.headers["content-security-policy"]
    assert f"form-action {allowed}; frame-src {allowed};" in policy
    assert b'allow="publickey-credentials-get *"' in page.body
    for headers in (page.headers, page_headers("https://pay.example.com")):
        assert "publickey-credentials-get" not in headers["permissions-policy"]
    assert "publickey-credentials-get=()" in shared.SECURITY["permissions-policy"]


def test_the_demo_shop_lets_nobody_stand_in_its_page_but_the_platform() -> None:
    rules = shop_policy(pay_url="http://pay.localhost:8000", widget=True).split("; ")
    assert "frame-src http://pay.localhost:8000" in rules


async def test_a_script_that_was_tampered_with_does_not_run(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await open_page()
    cors = {"access-control-allow-origin": "*", "content-type": "application/javascript"}
    await page.route("**/pay/core.*", lambda route: route.fulfill(body="window.stolen = 1", headers=cors))
    await page.goto(demo_shop.checkout().url)
    assert await page.evaluate("window.stolen") is None


async def test_nobody_can_frame_the_payment_page(open_page: OpenPage, demo_shop: Shop) -> None:
    page = await open_page()
    address = demo_shop.checkout().url
    await page.route("http://evil.localhost:9/", lambda route: route.fulfill(
        body=f'<iframe src="{address.replace("&", "&amp;")}"></iframe>', content_type="text/html"))  # fmt: skip
    await page.goto("http://evil.localhost:9/")
    await page.wait_for_load_state("load")
    assert [await frame.locator("#card").count() for frame in page.frames] == [0, 0]


def test_the_widget_is_small() -> None:
    it = printed()
    core = it.press.files[it.core].body
    loader = it.loader(origin="https://pay.example.com", mode="form", checkout="a" * 36, cryptogram="b" * 24)
    assert len(gzip.compress(core)) + len(gzip.compress(loader)) < 15_000


async def test_no_more_goes_over_the_network_than_that(running_url: str) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        for accepts, encoding in (("gzip, deflate, br", "gzip"), ("gzip;q=0, br", None), ("", None)):
            headers = {"accept-encoding": accepts, "host": "pay.localhost"}
            async with http.get(running_url + printed().core, headers=headers) as answer:
                assert (answer.status, answer.headers.get("content-encoding")) == (200, encoding)
                assert answer.headers["vary"] == "accept-encoding"
                body = await answer.read()
                assert (gzip.decompress(body) if encoding else body) == printed().press.files[printed().core].body
                assert encoding is None or len(body) < 14_000
        async with http.get(f"{running_url}/pay/terms", headers={"accept-encoding": "gzip"}) as page:
            assert "content-encoding" not in page.headers  # a page may hold a secret, and its length tell of it


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses_and_keeps_to_its_rules(path: Path) -> None:
    text = path.read_text()
    for word in ("eval(", "new Function", "localStorage", "sessionStorage", "document.cookie", "indexedDB", "import("):
        assert word not in text
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here; the browser tests run the scripts anyway")
    parsed = subprocess.run([node, "--check", str(path)], capture_output=True, text=True, check=False)
    assert parsed.returncode == 0, parsed.stderr


def test_every_script_is_in_the_inventory_with_its_reason() -> None:
    it = printed()
    known = {script.name: script for script in it.inventory()}
    assert {path.name for path in SCRIPTS} == set(known)
    assert known["core.js"].path == it.core
    assert all(script.purpose and script.authorised_by for script in known.values())


def test_no_script_changes_without_somebody_allowing_it() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "scripts.md"
    assert page.read_text() == scripts_page(printed().inventory()), "read the change, then scripts/payment_scripts.py"


def test_the_loader_carries_what_it_is_given_and_nothing_that_ends_a_script() -> None:
    body = (
        printed().loader(origin="https://pay.example.com", mode="form", checkout="abc", cryptogram="</script>").decode()
    )
    assert '"checkout":"abc"' in body
    assert "</script>" not in body


@pytest.mark.parametrize("query", ["", "checkoutId=%22-alert(1)-%22&cryptogram=a", "checkoutId=a&cryptogram=b%3Bc"])
async def test_the_loader_takes_the_contracts_alphabet_only(running_url: str, query: str) -> None:
    body, headers = await asyncio.to_thread(get, f"{running_url}/pay.js?{query}")
    assert body == b"/* no such checkout */\n"
    assert headers["content-type"].startswith("application/javascript")
    assert headers["cache-control"] == "no-store"


async def test_the_loader_may_be_loaded_by_any_shop(running_url: str, demo_shop: Shop) -> None:
    checkout = demo_shop.checkout()
    address = f"{running_url}/pay.js?cryptogram={checkout.cryptogram}&ver=1&checkout_id={checkout.checkout_id}"
    body, headers = await asyncio.to_thread(get, address)
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    core = json.loads(re.search(rb"const given = (\{.*\});", body)[1])["core"]  # type: ignore[index]
    body, headers = await asyncio.to_thread(get, running_url + core)
    assert headers["access-control-allow-origin"] == "*"
    assert "immutable" in headers["cache-control"]


def test_script_and_server_know_the_same_brands() -> None:
    text = (STATIC / "core.js").read_text()
    found = {(int(low), int(high), name) for low, high, name in re.findall(r'\[(\d+), (\d+), "([A-Z]+)"\]', text)}
    assert found == set(brands._RANGES)
    lengths = [len(low) for low, _ in re.findall(r'\[(\d+), \d+, "([A-Z]+)"\]', text)]
    assert lengths == sorted(lengths, reverse=True), "the longest prefix comes first"


def test_script_and_server_say_the_same_words() -> None:
    core = printed().press.files[printed().core].body.decode()
    said = json.loads(re.search(r"const SAID = (\{.*\});", core)[1])  # type: ignore[index]
    for language in Language:
        assert said[language.value]["error"] == {k: getattr(v, language.value) for k, v in words.ERRORS.items()}
        assert said[language.value]["reason"] == {k: getattr(v, language.value) for k, v in words.REASONS.items()}
    asked = re.findall(r"words\.(?:label|progress)\.(\w+)", core) + re.findall(r'view\.say\("(\w+)"\)', core)
    known = {*said["en"]["label"], *said["en"]["progress"]}
    assert set(asked) <= known
    assert LOADER == "pay.js"
