"""The table of routes: what is found, and who is let in."""

from datetime import datetime
from typing import Any

import pytest
from face import BEARER, NOW, ROUTES, SESSION, Answer, Door, ask, face, house

from ippgateway.domains.accounts.rights import ALL
from ippgateway.domains.accounts.schemas import Audience, Stage
from ippgateway.faces.shell.routes import Route, Routes
from ippgateway.faces.shell.words import FAILURES

COOKIE = f"session={BEARER}"


async def opened(path: str, **more: Any) -> Answer:
    """What somebody with the bearer gets."""
    return await ask(face(house()), path, cookie=COOKIE, **more)


def test_a_plain_path_goes_before_one_that_varies() -> None:
    routes = Routes(ROUTES)
    plain, varying = routes.find("/payments/new"), routes.find("/payments/Paym-0000-0001")
    assert plain is not None
    assert plain[0].name == "payment_new"
    assert varying is not None
    assert (varying[0].name, varying[1]) == ("payment", {"payment_id": "Paym-0000-0001"})


@pytest.mark.parametrize(
    "path", ["/payments/", "/payments/a/b", "/payments/a.b", "/payments/é", "/payments/" + "a" * 65]
)
def test_a_parameter_is_one_short_segment_of_plain_letters(path: str) -> None:
    assert Routes(ROUTES).find(path) is None


def test_two_routes_of_one_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes"):
        Routes((Route(path="/a/{one}", name="one"), Route(path="/a/{other}", name="other")))


async def test_a_stranger_is_led_to_the_door_and_back(door: Door) -> None:
    answer = await ask(face(house()), "/payments", query="q=A-1041&before=x")
    assert answer.status == 303
    assert answer.header("location") == "/sign-in?to=%2Fpayments%3Fq%3DA-1041%26before%3Dx"


async def test_whoever_is_led_in_another_language_keeps_it(door: Door) -> None:
    answer = await ask(face(house()), "/payments", query="lang=da")
    assert answer.header("location").endswith("&lang=da")


async def test_a_session_that_ended_is_told_so(door: Door) -> None:
    assert (await opened("/payments")).header("location") == "/sign-in?to=%2Fpayments&ended=1"


async def test_halfway_in_opens_the_second_factor_and_nothing_else(door: Door) -> None:
    door.let_in(stage=Stage.FACTOR)
    assert (await opened("/sign-in/factor")).status == 200
    for path in ("/", "/payments", "/money", "/account/security"):
        assert (await opened(path)).header("location").startswith("/sign-in/factor")


async def test_another_audiences_page_is_not_there(door: Door) -> None:
    door.let_in()
    assert (await opened("/staff")).status == 404
    door.let_in(audience=Audience.STAFF)
    assert (await opened("/staff")).status == 200


async def test_a_missing_right_is_said(door: Door) -> None:
    door.let_in()
    answer = await opened("/keys")
    assert answer.status == 403
    assert FAILURES[403][0].en in answer.text
    door.let_in(rights=(ALL,))
    assert (await opened("/keys")).status == 200


async def test_the_rail_shows_what_one_may_open_and_where_one_is(door: Door) -> None:
    door.let_in()
    page = (await opened("/payments/Paym-0000-0001")).text
    assert page.count('<a href="/payments" aria-current="page">') == 2  # the rail, and the menu of a phone
    assert 'href="/keys"' not in page
    assert 'href="/staff"' not in page


@pytest.mark.parametrize(
    "awaited", [{"must_change_password": True}, {"audience": Audience.STAFF, "second_factor": False}]
)
async def test_what_has_to_be_done_first_comes_before_everything(door: Door, awaited: dict[str, Any]) -> None:
    door.let_in(**awaited)
    for path in ("/", "/payments", "/money"):
        assert (await opened(path)).header("location") == "/account/security"
    assert (await opened("/account/security")).status == 200


@pytest.mark.parametrize(
    ("strong_at", "second_factor", "to"),
    [(None, True, "/sign-in/again?to=%2Fmoney"), (None, False, "/account/security?to=%2Fmoney"), (NOW, True, "")],
)
async def test_moving_money_takes_a_factor_that_is_fresh(
    door: Door, strong_at: datetime | None, second_factor: bool, to: str
) -> None:
    door.let_in(strong_at=strong_at, second_factor=second_factor)
    assert (await opened("/money")).header("location") == to


async def test_a_users_language_and_theme_go_before_the_browsers(door: Door) -> None:
    door.let_in(language="da", theme="dark")
    page = (await opened("/", query="lang=en&theme=light", accept_language="en")).text
    assert '<html lang="da" data-theme="dark">' in page


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/refused", 404), ("/guessed", 429), ("/broken", 500)]
)
async def test_a_failure_has_a_page_that_tells_nothing_of_its_cause(door: Door, path: str, status: int) -> None:
    answer = await ask(face(house()), path, accept_language="da")
    assert answer.status == status
    assert FAILURES[status][0].da in answer.text
    assert "canary" not in answer.text
    assert answer.header("retry-after") == ("1800" if status == 429 else "")


async def test_a_method_that_a_page_does_not_know_is_refused(door: Door) -> None:
    answer = await ask(face(house()), "/sign-in", method="PUT")
    assert (answer.status, answer.header("allow")) == (405, "GET, HEAD")


async def test_a_face_is_at_its_own_name_alone(door: Door) -> None:
    door.let_in()
    assert (await opened("/", host="desk.localhost:8000")).status == 404
    assert (await opened("/", host="LOOK.localhost")).status == 200
    assert SESSION.tenant_id not in (await opened("/", host="evil.example")).text
