"""Takes docs/demo.png, the README's picture: somebody buys something in the demo shop, in a real browser.

While `make run` runs: `.venv/bin/python scripts/demo_picture.py`. Chromium comes from `scripts/browser`. Another
installation is named as for every command, with IPPGATEWAY_PORT and IPPGATEWAY_DATA_DIR.
"""

import base64
import os
import secrets
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from ippgateway.app import demo
from ippgateway.app.settings import Settings

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "demo.png"
LARGEST_OCTETS = 200_000

WIDE, HIGH = 384, 692
CAPTIONS = (
    "Choose something in the demo shop",
    "Pay at the payment page, or in the shop",
    "See the notification arrive",
    "See what is now held about you, and erase it",
)
_STYLE = """
  body { margin: 0; width: max-content; background: #edf3f0; color: #14201e; font: 15px/1.4 sans-serif; }
  main { display: flex; gap: 20px; padding: 20px; }
  figure { margin: 0; width: 384px; }
  img { display: block; width: 384px; height: 692px; border: 1px solid #dcdad0; border-radius: 6px; }
  figcaption { padding: 10px 4px 0 0; }
  b { color: #0b5653; margin-right: 4px; }
"""


def bought(page: Page, facts: dict[str, object]) -> list[bytes]:
    """Buy a mug at the payment page with the card that approves; what was to be seen on the way, as PNGs."""
    shots = []

    def shot() -> None:
        shots.append(page.screenshot())

    cards = facts["cards"]
    assert isinstance(cards, dict)  # noqa: S101 - for the type checker
    page.goto(f"{facts['shop_url']}/en/buy/mug")
    # Somebody new each time: of an address that bought before, the last page would tell of other purchases as well.
    page.fill("#email", f"freja.{secrets.token_hex(2)}@example.org")
    shot()
    page.click("button[value=page]")
    for name, text in {
        "holder": "Freja Holm",
        "number": cards["approve_visa"],
        "expiry": "0430",
        "code": "123",
    }.items():
        page.locator(f"#{name}").press_sequentially(text)
    shot()
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt?**")
    page.locator(".notice", has_text="approved").wait_for()
    shot()
    page.locator("a[href*='/pay/mine']").click()
    email = page.locator("[data-field='payer.email']")
    page.locator("section", has=email).evaluate("section => section.scrollIntoView()")
    shot()
    return shots


def composed(browser: Browser, shots: list[bytes]) -> bytes:
    """The screenshots side by side, each with its sentence."""
    figures = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        f"<figcaption><b>{number}</b> {escape(caption)}</figcaption></figure>"
        for number, (shot, caption) in enumerate(zip(shots, CAPTIONS, strict=True), 1)
    )
    page = browser.new_page(viewport={"width": 4 * (WIDE + 20) + 20, "height": HIGH + 100})
    page.set_content(f"<!doctype html><style>{_STYLE}</style><main>{figures}</main>")
    return page.locator("main").screenshot()


def lean(picture: bytes) -> bytes:
    """The same PNG without the line filters that a browser writes; on flat pages they cost a fifth more than nothing.

    For eight bits of red, green and blue, not interlaced, which is what a browser's screenshot is (PNG, third edition).
    """
    width, high, *form = struct.unpack(">IIBBBBB", picture[16:29])
    assert form == [8, 2, 0, 0, 0]  # noqa: S101 - bits, colours, compression, filter, interlace
    lines = zlib.decompress(b"".join(data for kind, data in _chunks(picture) if kind == b"IDAT"))
    size, above, plain = 3 * width, bytes(3 * width), bytearray()
    for start in range(0, high * (size + 1), size + 1):
        above = _unfiltered(lines[start], bytearray(lines[start + 1 : start + 1 + size]), above)
        plain += b"\0" + above
    chunks = ((b"IHDR", picture[16:29]), (b"IDAT", zlib.compress(plain, 9)), (b"IEND", b""))
    return picture[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        yield kind, picture[at + 8 : at + 8 + size]
        at += 12 + size


def _unfiltered(how: int, line: bytearray, above: bytes) -> bytes:
    """One line as it was before its filter (PNG, 9.2): nothing, left, above, average, Paeth."""
    for i in range(len(line)):
        left, over, corner = (line[i - 3], above[i], above[i - 3]) if i >= 3 else (0, above[i], 0)
        line[i] = line[i] + (0, left, over, (left + over) // 2, _paeth(left, over, corner))[how] & 255
    return bytes(line)


def _paeth(left: int, over: int, corner: int) -> int:
    guess = left + over - corner
    return min((left, over, corner), key=lambda each: abs(guess - each))


def main() -> int:
    """Take the picture. The exit code."""
    facts = demo.facts(Settings.from_env(os.environ))
    chromium = subprocess.run(
        [ROOT / "scripts" / "browser"], capture_output=True, text=True, check=True
    ).stdout.strip()  # fmt: skip
    # Chromium's own sandbox refuses the root user.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, locale="en-GB", color_scheme="light")
        picture = lean(composed(browser, bought(page, facts)))
        browser.close()
    if len(picture) > LARGEST_OCTETS:
        sys.stderr.write(f"the picture has {len(picture)} octets, more than {LARGEST_OCTETS}\n")
        return 1
    TARGET.write_bytes(picture)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
