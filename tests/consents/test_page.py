"""The page that stops letters: a GET changes nothing, one POST does, whoever sends it and in whatever form."""

import pytest
from starlette.types import ASGIApp, Message

from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import Whose
from ippgateway.faces.mine.app import mine_app
from ippgateway.faces.mine.unsubscribe import unsubscribe_app
from ippgateway.privacy.papers.versions import PRIVACY, in_force, today

from .room import Room

ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


async def ask(
    room: Room, path: str, method: str = "GET", body: bytes = b"", query: str = "", app: ASGIApp | None = None
) -> tuple[int, dict[bytes, bytes], str]:
    """One request without a cookie, a session or an origin: status, headers, text."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    await (app or unsubscribe_app(room.console))(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"].decode()


async def subscribed(room: Room) -> tuple[Whose, str]:
    whose = room.somebody()
    await room.says_yes(whose)
    path = f"/unsubscribe/{(await room.link(whose)).open()}"
    room.clock.advance(1)
    return whose, path


@pytest.mark.parametrize("body", [ONE_CLICK, MULTIPART])
async def test_a_mail_programs_post_stops_at_once_and_is_led_nowhere(room: Room, body: bytes) -> None:
    whose, path = await subscribed(room)
    for _ in range(2):  # mail programs ask again
        status, headers, text = await ask(room, path, "POST", body)
        assert status == 200
        assert b"location" not in headers
        assert b"set-cookie" not in headers
        assert text == ""
    assert not await room.stands(whose)
    assert len(await consents.lines(room.console, whose)) == 2


@pytest.mark.parametrize("language", ["en", "da"])
async def test_the_foot_of_every_page_where_people_ask_leads_to_the_policy_and_names_its_version(
    room: Room, language: str
) -> None:
    """SCOPE-1. The version is that of the day on which the page is asked for."""
    version = in_force(PRIVACY, today(room.clock.now())).name
    _, path = await subscribed(room)
    pages = [(unsubscribe_app(room.console), each) for each in (path, "/unsubscribe/x")]
    pages += [(mine_app(room.console), each) for each in ("/", "/link/x", "/nowhere")]
    for app, each in pages:
        _, _, text = await ask(room, each, query=f"lang={language}", app=app)
        foot = text.partition("<footer>")[2]
        assert f'href="{room.console.origins["site"]}/{language}/privacy"' in foot, each
        assert version in foot, each


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_whoever_only_opens_the_link_changes_nothing(room: Room, method: str) -> None:
    whose, path = await subscribed(room)
    for _ in range(5):
        status, _, _ = await ask(room, path, method)
        assert status == 200
    assert await room.stands(whose)


@pytest.mark.parametrize("language", ["en", "da"])
async def test_a_person_presses_one_button(room: Room, language: str) -> None:
    whose, path = await subscribed(room)
    _, headers, text = await ask(room, path, query=f"lang={language}")
    assert headers[b"content-language"] == language.encode()
    assert f'action="{path}?lang={language}"' in text
    status, _, text = await ask(room, path, "POST", b"do=stop", query=f"lang={language}")
    assert status == 200
    assert {"en": "You get no news", "da": "Du får ingen nyheder"}[language] in text
    assert not await room.stands(whose)


@pytest.mark.parametrize("body", [b"", b"do=everything", b"x" * 10_000])
async def test_a_post_that_asks_for_nothing_changes_nothing(room: Room, body: bytes) -> None:
    whose, path = await subscribed(room)
    status, _, _ = await ask(room, path, "POST", body)
    assert status == 400
    assert await room.stands(whose)


async def test_a_link_that_is_none_of_ours_is_told_so(room: Room) -> None:
    for path in ("/unsubscribe/AAAAAAAAAAAAAAAAAAAAAA", "/unsubscribe/x", "/unsubscribe/" + "y" * 500):
        assert (await ask(room, path))[0] == 404
        assert (await ask(room, path, "POST", ONE_CLICK))[0] == 404


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("first", [None, b"do=stop"])
async def test_the_second_button_says_no_to_all_marketing(room: Room, language: str, first: bytes | None) -> None:
    """Also on the page of whoever stopped the news already. Nothing is asked, and nothing is weighed."""
    whose, path = await subscribed(room)
    letter = await room.owe_news(whose)
    if first is not None:
        await ask(room, path, "POST", first)
        room.clock.advance(1)
    _, _, text = await ask(room, path, query=f"lang={language}")
    assert 'value="stop-all"' in text
    assert {"en": "No marketing at all", "da": "Slet ingen reklame"}[language] in text
    for _ in range(2):
        status, headers, text = await ask(room, path, "POST", b"do=stop-all", query=f"lang={language}")
        assert status == 200
        assert b"set-cookie" not in headers
        assert {"en": "You get no marketing from us", "da": "Du får ingen reklame fra os"}[language] in text
    assert not await room.stands(whose)
    assert await room.state(letter) == "VOID"
    said = [(line.said, line.how) for line in await consents.lines(room.console, whose)]
    assert [each for each in said if each[0] == "objected"] == [("objected", "link")]
    _, _, text = await ask(room, path, query=f"lang={language}")
    assert {"en": "Your objection is on record", "da": "Din indsigelse er noteret"}[language] in text
    assert "<button" not in text


async def test_an_objection_by_a_link_that_is_none_of_ours_is_told_so(room: Room) -> None:
    assert (await ask(room, "/unsubscribe/AAAAAAAAAAAAAAAAAAAAAA", "POST", b"do=stop-all"))[0] == 404
