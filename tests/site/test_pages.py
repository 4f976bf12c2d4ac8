"""Every page, in both languages, with the headers that make a browser keep what the page says of itself."""

import gzip

import pytest
from reader import Answer, Seen, ask, site
from starlette.types import ASGIApp

from ippgateway.faces.pages.language import Language, preferred

FACES = [pytest.param(site(), id="site")]
WORD = {"en": "the", "da": "ikke"}
CANARY = "canary-4000056655665556-jens@example.org"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", ["en", "da"])
async def test_each_page_is_there_in_its_language(face: ASGIApp, language: str) -> None:
    for path in (f"/{language}", f"/{language}/"):
        answer = await ask(face, path)
        assert answer.status == 200
        assert answer.header("content-language") == language
        assert answer.header("content-type") == "text/html; charset=utf-8"
        assert f'<html lang="{language}">' in answer.text
        assert f" {WORD[language]} " in answer.text


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("en-US,en;q=0.9,da;q=0.1", "en"),
        ("fr, da;q=0.5", "da"),
        ("*", "en"),
        ("da;q=0", "en"),
        ("da;q=oops, \x00", "en"),
        ("x," * 100_000 + "da", "en"),
    ],
)
async def test_the_root_speaks_the_readers_language(face: ASGIApp, asked: str, language: str) -> None:
    answer = await ask(face, "/", accept_language=asked)
    assert (answer.status, answer.header("content-language")) == (200, language)
    assert answer.header("vary") == "accept-language"
    assert preferred(asked) is Language(language)


async def every_kind_of_answer(face: ASGIApp) -> list[Answer]:
    home = await ask(face)
    files = [value for _, each in Seen(home.text).elements for value in each.values() if value.startswith("/static/")]
    assert len(set(files)) == 4
    return [
        home,
        await ask(face, if_none_match=home.header("etag") or ""),
        *[await ask(face, path) for path in ("/en", "/da", "/nothing", *sorted(set(files)))],
        await ask(face, "/", method="POST"),
        await ask(face, "/", method="HEAD"),
    ]


@pytest.mark.parametrize("face", FACES)
async def test_every_answer_forbids_what_pages_do_not_need(face: ASGIApp) -> None:
    answers = await every_kind_of_answer(face)
    assert [a.status for a in answers] == [200, 304, 200, 200, 404, 200, 200, 200, 200, 405, 200]
    for answer in answers:
        policy = answer.header("content-security-policy") or ""
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "no-referrer"
        assert "camera=()" in (answer.header("permissions-policy") or "")
        assert answer.header("cache-control")


@pytest.mark.parametrize("face", FACES)
async def test_no_cookie_is_ever_set(face: ASGIApp) -> None:
    for answer in await every_kind_of_answer(face):
        assert "set-cookie" not in {name for name, _ in answer.headers}
    answer = await ask(face, "/", cookie="seen=1")
    assert answer.body == (await ask(face, "/")).body


@pytest.mark.parametrize("face", FACES)
async def test_nothing_of_a_request_comes_back(face: ASGIApp) -> None:
    plain, absent = await ask(face, "/en"), await ask(face, "/nothing")
    for path in (f"/{CANARY}", f"/en/{CANARY}", f"/static/{CANARY}.css", f"//{CANARY}//", f"/{CANARY}/"):
        answer = await ask(face, path, query=CANARY, user_agent=CANARY, referer=CANARY)
        assert answer.status == 404
        assert answer.body == absent.body
        assert CANARY not in str(answer.headers)
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", CANARY):
        answer = await ask(face, "/en", method=method, query=CANARY, accept_language=CANARY, if_none_match=CANARY)
        assert CANARY not in answer.text + str(answer.headers)
    assert (await ask(face, "/en", query=f"q={CANARY}")).body == plain.body


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("path", ["/en", "/da", "/nothing"])
async def test_a_page_needs_nobody_else_and_does_without_its_one_script(face: ASGIApp, path: str) -> None:
    page = Seen((await ask(face, path)).text)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"form", "iframe", "object", "embed", "style", "noscript"})
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert [set(attributes) for attributes in scripts] == [{"src", "defer"}]
    assert scripts[0]["src"].startswith("/static/seen.")
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag in {"link", "img", "source"}:
            assert (attributes.get("href") or attributes["src"]).startswith("/static/")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("path", ["/en", "/da", "/nothing"])
async def test_a_page_can_be_read_without_looking(face: ASGIApp, path: str) -> None:
    page = Seen((await ask(face, path)).text)
    assert [tag for tag, _ in page.elements].count("h1") == 1
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert "content" in ids
    for tag, attributes in page.elements:
        assert attributes.get("aria-labelledby", "content") in ids
        assert tag != "img" or "alt" in attributes
        assert tag != "th" or "scope" in attributes


async def test_the_missing_page_speaks_both_languages() -> None:
    danish, english = [await ask(site(), "/nothing", accept_language=each) for each in ("da", "en")]
    assert danish.status == english.status == 404
    assert "Den side findes ikke" in danish.text
    assert "There is no such page" in english.text
    assert english.header("cache-control") == "no-store"


async def test_a_file_is_kept_for_ever_and_a_page_is_asked_for_again() -> None:
    home = await ask(site())
    address = next(v for _, each in Seen(home.text).elements for v in each.values() if v.endswith(".css"))
    assert "immutable" in ((await ask(site(), address)).header("cache-control") or "")
    assert home.header("cache-control") == "no-cache"
    packed = await ask(site(), address, accept_encoding="br, gzip")
    assert gzip.decompress(packed.body) == (await ask(site(), address)).body
    assert (await ask(site(), address, if_none_match=packed.header("etag") or "")).status == 200  # another form of it
    assert (await ask(site(), accept_encoding="gzip")).header("content-encoding") is None
    again = await ask(site(), if_none_match=f'"other", W/{home.header("etag")}')
    assert (again.status, again.body) == (304, b"")
