"""Cookies, and the proof that a form is one of ours."""

import pytest
from face import BEARER, ORIGIN, Answer, Door, ask, face, house, send_form
from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.faces.shell.guard import TOKEN, Cookies, token_fits, token_for

COOKIE = f"session={BEARER}"
FIELDS = {TOKEN: token_for(Secret(BEARER)), "said": "what was typed"}


def handed_out(*, secure: bool) -> list[str]:
    """The cookies of a sign-in."""
    response = Response()
    Cookies(secure=secure).let_in(response, Secret(BEARER), Secret("d" * 43))
    return [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]


def test_with_tls_no_other_name_can_set_our_cookies() -> None:
    for cookie in handed_out(secure=True):
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        assert "domain" not in cookie.lower()


@pytest.mark.parametrize("secure", [True, False])
def test_no_script_reads_a_cookie_and_the_session_ends_with_the_browser(secure: bool) -> None:
    session, device = handed_out(secure=secure)
    for cookie in (session, device):
        assert "; HttpOnly" in cookie
        assert "; Path=/" in cookie
    assert "SameSite=lax" in session
    assert "Max-Age" not in session
    assert "SameSite=strict" in device
    assert "Max-Age=15552000" in device


@pytest.mark.parametrize("value", ["", "short", "s" * 129, "s" * 42 + "%", "ø" * 43, 's" onload="x'])
async def test_a_malformed_cookie_is_no_cookie(door: Door, value: str) -> None:
    door.let_in()
    answer = await ask(face(house()), "/", cookie=f"session={value}")
    assert answer.header("location") == "/sign-in"  # not told that a session ended: there was none


async def test_signing_out_takes_the_session_back_and_leaves_the_browser_known() -> None:
    response = house().let_out("/sign-in")
    taken = [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]
    assert len(taken) == 1
    assert taken[0].startswith('session=""; ')
    assert "Max-Age=0" in taken[0]


async def sent(form: dict[str, str], **headers: str) -> Answer:
    """A form to a page of a signed-in user."""
    return await send_form(face(house()), "/", form, cookie=COOKIE, **headers)


async def test_our_own_form_arrives(door: Door) -> None:
    door.let_in()
    answer = await sent(FIELDS)
    assert answer.status == 200
    assert '<p id="said">what was typed</p>' in answer.text


async def test_a_page_carries_its_sessions_token_and_a_strangers_carries_none(door: Door) -> None:
    door.let_in()
    app = face(house())
    assert f'name="{TOKEN}" value="{FIELDS[TOKEN]}"' in (await ask(app, "/", cookie=COOKIE)).text
    stranger = (await ask(app, "/open")).text
    assert f'name="{TOKEN}"' not in stranger
    assert BEARER not in (await ask(app, "/", cookie=COOKIE)).text


@pytest.mark.parametrize("token", ["", "x", token_for(Secret("t" * 43)), FIELDS[TOKEN] + "="])
async def test_a_form_without_this_sessions_token_is_refused(door: Door, token: str) -> None:
    door.let_in()
    answer = await sent({**FIELDS, TOKEN: token})
    assert answer.status == 403
    assert "what was typed" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN + ".evil.example"},
        {"origin": ORIGIN.replace("look", "desk")},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
    ],
)
async def test_a_form_from_anywhere_else_is_refused(door: Door, headers: dict[str, str]) -> None:
    door.let_in()
    assert (await sent(FIELDS, **headers)).status == 403


async def test_a_form_that_says_nothing_of_where_it_comes_from_is_refused(door: Door) -> None:
    answer = await ask(face(house()), "/open", method="POST", body=b"said=x")
    assert answer.status == 403


async def test_a_strangers_form_needs_our_origin_alone(door: Door) -> None:
    assert (await send_form(face(house()), "/open", {"said": "hello"})).status == 200
    assert (await send_form(face(house()), "/open", {"said": "hello"}, origin="https://evil.example")).status == 403


def test_a_token_fits_its_own_session_alone() -> None:
    bearer = Secret(BEARER)
    assert token_fits(bearer, token_for(bearer))
    assert not token_fits(Secret("t" * 43), token_for(bearer))
    assert not token_fits(bearer, "ø")
