"""The pages of what applies: in both languages, to everybody, on a phone, without script."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import uvicorn

from browser import PHONE, OpenPage, accessible, shot
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy.papers import versions
from ippgateway.privacy.papers.versions import PAPERS, Version
from ippgateway.privacy.vocabulary import Words

AT = datetime(2026, 11, 30, 14, 2, tzinfo=UTC)
PATHS = (*PAPERS, "privacy/changes")


def site(day: date | None = None):  # type: ignore[no-untyped-def]
    """The site of a live installation."""
    return site_app(SiteFacts(
        cards={}, version="0.1.0", api_url="http://127.0.0.1:8000", console_url="http://console.localhost:8000",
        shop_url="http://shop.localhost:8005", sandbox=False, checked_at=AT, mine_url="http://mine.localhost:8000",
        controller="Gateway ApS", support="support@gateway.example", today=lambda: day or AT.date(),
    ))  # fmt: skip


@asynccontextmanager
async def served(app: object) -> AsyncIterator[str]:
    """The site on a port of its own; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))  # type: ignore[arg-type]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the library has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def get(app: object, path: str) -> str:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await app(scope, receive, send)  # type: ignore[operator]
    assert sent[0]["status"] == 200, path
    return sent[1]["body"].decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("language", ["en", "da"])
async def test_every_page_is_there_and_every_page_leads_to_all_of_them(language: str) -> None:
    app = site()
    for path in ("", *PATHS):
        text = await get(app, f"/{language}/{path}".rstrip("/"))
        for each in PATHS:
            assert f'href="/{language}/{each}"' in text
        other = {"en": "da", "da": "en"}[language]
        assert f'href="/{other}{"/" + path if path else ""}" lang="{other}"' in text


async def test_the_policy_names_who_answers_and_the_authority() -> None:
    text = await get(site(), "/en/privacy")
    assert "Gateway ApS" in text
    assert "support@gateway.example" in text
    assert "Datatilsynet" in text
    assert versions.versions("privacy")[-1].name in text


async def test_a_coming_version_is_announced_on_the_page_and_takes_its_place_on_its_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = versions.versions("terms")[-1]
    first = now.paper.sections[0]
    longer = replace(first, texts=(*first.texts, Words(en="A new sentence.", da="En ny sætning.")))
    coming = Version(in_force=date(2027, 1, 1), paper=replace(now.paper, sections=(longer, *now.paper.sections[1:])))
    known = {key: versions.versions(key) for key in PAPERS} | {"terms": (now, coming)}
    monkeypatch.setattr("ippgateway.faces.site.papers.versions", known.__getitem__)
    before, after = site(), site(date(2027, 1, 1))
    text = await get(before, "/en/terms")
    assert "A new version comes into force on" in text
    assert "A new sentence." not in text
    changes = await get(before, "/en/privacy/changes")
    assert "<ins>A new sentence.</ins>" in changes
    assert f'id="terms-{coming.in_force.isoformat()}"' in changes
    text = await get(after, "/da/terms")
    assert "En ny sætning." in text
    assert now.name in await get(after, f"/da/terms/{now.in_force.isoformat()}")


@pytest.mark.parametrize("path", PATHS)
async def test_a_reader_finds_nothing_wrong_wide_narrow_dark_and_without_script(open_page: OpenPage, path: str) -> None:
    async with served(site()) as address:
        for language, options in (
            ("en", {}),
            ("da", {"viewport": PHONE, "java_script_enabled": True}),
            ("da", {"color_scheme": "dark"}),
        ):
            page = await open_page(**options)
            await page.goto(f"{address}/{language}/{path}")
            for each in await page.query_selector_all("details"):
                await each.evaluate("each => each.open = true")
            await accessible(page)
            await shot(page, f"{path.replace('/', '-')}-{language}-{'-'.join(options) or 'wide'}")
        plain = await open_page(java_script_enabled=False, viewport=PHONE)
        await plain.goto(f"{address}/en/{path}")
        assert await plain.locator("h1").count() == 1
        assert not await plain.context.cookies()


def test_the_versions_are_part_of_the_package() -> None:
    folder = Path(versions.__file__).parent / "versions"
    assert {path.name.rpartition("-")[0].split("-")[0] for path in folder.glob("*.json")} == set(PAPERS)
