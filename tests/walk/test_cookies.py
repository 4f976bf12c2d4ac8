"""What stays in a browser is what the page about cookies lists, on every face. The walk asks the same of every single
way in."""

from walker import LISTED

from browser import OpenPage, browser, open_page
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.platform import Platform
from signing import PASSWORD, member

__all__ = ["browser", "open_page"]

VISITED = {
    "site": ("/", "/en/cookies", "/da/privacy"),
    "pay": ("/?checkout_id=aaaa-aaaa-aaaa&cryptogram=x", "/challenge/return"),
    "mine": ("/", "/pay/mine", "/unsubscribe/x"),
    "console": ("/sign-in", "/sign-up", "/forgot"),
    "desk": ("/sign-in", "/forgot"),
}
KEPT = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


async def test_nobody_who_only_looks_gets_a_cookie_from_any_face(installation: Settings, open_page: OpenPage) -> None:
    page = await open_page()
    for face, paths in VISITED.items():
        for path in paths:
            await page.goto(f"{origin(installation, face)}{path}")
            assert await page.evaluate(KEPT) == [], f"{face} {path}"
    assert await page.context.cookies() == []


async def test_whoever_signs_in_gets_the_cookies_that_are_listed_and_nothing_else_stays(
    installation: Settings, consoles: Platform, open_page: OpenPage
) -> None:
    somebody = await member(consoles, consoles.ids.new(), Audience.PUBLIC)
    page = await open_page()
    await page.goto(f"{origin(installation, 'console')}/sign-in")
    await page.fill("#f-email", somebody.email)
    await page.fill("#f-password", PASSWORD.open())
    await page.click("main button.first")
    await page.locator(".inside").wait_for()
    for path in ("/account/data", "/account/news", "/account/language"):
        await page.goto(f"{origin(installation, 'console')}{path}")
        assert await page.evaluate(KEPT) == [], path
    assert {each["name"] for each in await page.context.cookies()} == LISTED
    assert all(each["httpOnly"] for each in await page.context.cookies())
