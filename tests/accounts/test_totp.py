"""Authenticator apps: each code once, for as long as a step lasts and the next (RFC 6238; facts, I.3)."""

import asyncio
import io
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from ippgateway.core import log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import BadProfile, LastFactor, NotStrong, WrongFactor
from ippgateway.domains.accounts.schemas import Arrival, Audience, FactorKind, Stage
from ippgateway.domains.accounts.service.factors import MOST, factors, remove_factor
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.sessions import strong
from ippgateway.domains.accounts.service.totp import STEP_S, begin_totp, confirm_totp, prove_totp, step_of
from ippgateway.privacy.zones import PLATFORM

from .newcomers import ISSUER, Door

# "12345678901234567890" in base32, and the last six digits of RFC 6238's table for SHA-1.
RFC_SECRET = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
RFC_CODES = {
    59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
    20000000000: "353130",
}  # fmt: skip


@pytest.mark.parametrize(("at", "code"), RFC_CODES.items())
def test_the_vectors_of_rfc_6238_are_taken(at: int, code: str) -> None:
    assert step_of(RFC_SECRET, Secret(code), datetime.fromtimestamp(at, UTC)) == at // 30


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "287082" * 9, "\0" * 6])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert step_of(RFC_SECRET, Secret(typed), datetime.fromtimestamp(59, UTC)) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    assert step_of(RFC_SECRET, Secret(" 287 082 "), datetime.fromtimestamp(59, UTC)) == 1


def test_a_code_lasts_its_step_and_the_next_and_never_comes_early() -> None:
    begins = 1234567890
    moments = {s: datetime.fromtimestamp(begins + s, UTC) for s in range(-60, 120)}
    assert [s for s, at in moments.items() if step_of(RFC_SECRET, Secret("005924"), at)] == list(range(60))


async def test_the_offer_is_what_apps_read(door: Door) -> None:
    person = await door.person()
    offer = await begin_totp(door.p, await door.came_in(person), issuer=ISSUER)
    assert pyotp.parse_uri(offer.uri.open()).secret == offer.secret.open()
    parts = urlsplit(offer.uri.open())
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", f"/{ISSUER}:{person.email}")
    assert parse_qs(parts.query)["issuer"] == [ISSUER]
    assert len(pyotp.TOTP(offer.secret.open()).byte_secret()) == 20, "160 bits"


async def test_the_first_code_opens_more_and_gives_recovery_codes(door: Door) -> None:
    person = await door.person()
    before = await door.came_in(person)
    assert not before.moves_money
    after, app, proven = await door.with_app(before, "  My   phone ")
    assert after.id == before.id
    assert after.moves_money
    assert after.second_factor
    assert strong(after, door.clock.now())
    assert len({code.open() for code in proven.codes}) == 10
    assert [(f.id, f.kind, f.label) for f in await factors(door.p, after)] == [
        (app.factor_id, FactorKind.TOTP, "My phone")
    ]
    assert "factor_added" in await door.happened(person)
    assert await door.letters(person) == ["factor_added"]


async def test_every_step_has_a_new_bearer(door: Door) -> None:
    person = await door.person()
    _, app, proven = await door.with_app(await door.came_in(person))
    assert proven.signed_in is not None
    session = await door.back(proven.signed_in)
    door.clock.advance(STEP_S)
    again = await prove_totp(door.p, session, code=app.code(), arrival=door.arrival)
    assert await door.found(proven.signed_in.session_id) is None
    assert (await door.back(again)).id == session.id


async def test_an_app_that_was_only_offered_proves_nothing(door: Door) -> None:
    person = await door.person()
    session = await door.came_in(person)
    offer = await begin_totp(door.p, session, issuer=ISSUER)
    assert await factors(door.p, session) == ()
    with pytest.raises(WrongFactor):
        await prove_totp(
            door.p, session, code=Secret(pyotp.TOTP(offer.secret.open()).at(door.clock.now())), arrival=door.arrival
        )


async def test_an_old_offer_is_none_and_neither_is_one_before_the_last(door: Door) -> None:
    session = await door.came_in(await door.person())
    first = await begin_totp(door.p, session, issuer=ISSUER)
    second = await begin_totp(door.p, session, issuer=ISSUER)
    for offer, wait_s in ((first, 0), (second, 16 * 60)):
        door.clock.advance(wait_s)
        with pytest.raises(WrongFactor):
            await confirm_totp(
                door.p, session, factor_id=offer.factor_id, arrival=door.arrival, label="",
                code=Secret(pyotp.TOTP(offer.secret.open()).at(door.clock.now())),
            )  # fmt: skip
    assert await factors(door.p, session) == ()


async def test_an_offer_is_confirmed_once_however_often_at_once(door: Door) -> None:
    person = await door.person()
    session = await door.came_in(person)
    offer = await begin_totp(door.p, session, issuer=ISSUER)
    code = Secret(pyotp.TOTP(offer.secret.open()).at(door.clock.now()))
    done = await asyncio.gather(
        *(confirm_totp(door.p, session, factor_id=offer.factor_id, code=code, label="", arrival=None)
          for _ in range(8)),
        return_exceptions=True,
    )  # fmt: skip
    assert len([each for each in done if not isinstance(each, WrongFactor | NotStrong)]) == 1
    assert (await door.letters(person)) == ["factor_added"]


async def test_the_code_that_set_it_up_is_taken(door: Door) -> None:
    session, app, _ = await door.with_app(await door.came_in(await door.person()))
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, session, code=app.code(), arrival=door.arrival)


async def test_a_code_is_taken_once_also_by_fifty_at_once(door: Door) -> None:
    person = await door.person()
    _session, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(2 * STEP_S)
    halfway = [await door.came_in(person, Stage.FACTOR) for _ in range(50)]
    code = app.code()
    done = await asyncio.gather(
        *(prove_totp(door.p, each, code=code, arrival=None) for each in halfway), return_exceptions=True
    )
    assert len([each for each in done if not isinstance(each, Exception)]) == 1


async def test_codes_of_one_step_ago_are_taken_of_two_ago_refused_and_never_backwards(door: Door) -> None:
    person = await door.person()
    session, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(10 * STEP_S)
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, session, code=app.code(steps_ago=2), arrival=door.arrival)
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, session, code=app.code(steps_ago=-1), arrival=door.arrival)
    session = await door.back(await prove_totp(door.p, session, code=app.code(steps_ago=1), arrival=door.arrival))
    session = await door.back(await prove_totp(door.p, session, code=app.code(), arrival=door.arrival))
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, session, code=app.code(steps_ago=1), arrival=door.arrival)
    assert (await door.happened(person)).count("wrong_factor") == 3


async def test_it_takes_no_key_that_happens_to_be_in_memory(door: Door) -> None:
    person = await door.person()
    _, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(STEP_S)
    halfway = await door.came_in(person, Stage.FACTOR)
    door.p.persons._remembered.clear()
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, halfway, code=app.code(steps_ago=3), arrival=door.arrival)
    door.p.persons._remembered.clear()
    session = await door.back(await prove_totp(door.p, halfway, code=app.code(), arrival=door.arrival))
    door.p.persons._remembered.clear()
    await remove_factor(door.p, session, app.factor_id)


async def test_halfway_becomes_open_and_another_s_app_opens_nothing(door: Door) -> None:
    person, other = await door.person(), await door.person()
    _, app, _ = await door.with_app(await door.came_in(person))
    _, others, _ = await door.with_app(await door.came_in(other))
    door.clock.advance(2 * STEP_S)
    halfway = await door.came_in(person, Stage.FACTOR)
    assert not halfway.moves_money
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, halfway, code=others.code(), arrival=door.arrival)
    through = await door.back(await prove_totp(door.p, halfway, code=app.code(), arrival=door.arrival))
    assert (through.stage, through.moves_money) == (Stage.OPEN, True)


async def test_the_fifth_wrong_code_ends_the_session(door: Door) -> None:
    person = await door.person()
    _, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(10 * STEP_S)
    halfway = await door.came_in(person, Stage.FACTOR)
    for _ in range(5):
        with pytest.raises(WrongFactor):
            await prove_totp(door.p, halfway, code=app.code(steps_ago=5), arrival=door.elsewhere)
    with pytest.raises(WrongFactor):
        await prove_totp(door.p, halfway, code=app.code(), arrival=door.elsewhere)


async def test_guesses_at_once_are_as_many_as_one_after_the_other(door: Door) -> None:
    person = await door.person()
    _, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(10 * STEP_S)
    halfway = await door.came_in(person, Stage.FACTOR)
    wrong = [prove_totp(door.p, halfway, code=app.code(steps_ago=n + 5), arrival=door.elsewhere) for n in range(12)]
    done = await asyncio.gather(
        *wrong, prove_totp(door.p, halfway, code=app.code(), arrival=door.elsewhere), return_exceptions=True
    )
    assert all(isinstance(each, Exception) for each in done), "the right one came after the fifth"


async def test_whoever_is_halfway_adds_nothing_and_removes_nothing(door: Door) -> None:
    person = await door.person()
    _, app, _ = await door.with_app(await door.came_in(person))
    halfway = await door.came_in(person, Stage.FACTOR)
    with pytest.raises(NotStrong):
        await begin_totp(door.p, halfway, issuer=ISSUER)
    with pytest.raises(NotStrong):
        await remove_factor(door.p, halfway, app.factor_id)


async def test_another_factor_takes_a_proof_of_a_moment_ago(door: Door) -> None:
    person = await door.person()
    session, app, _ = await door.with_app(await door.came_in(person))
    door.clock.advance(15 * 60 + 1)
    with pytest.raises(NotStrong):
        await begin_totp(door.p, session, issuer=ISSUER)
    session = await door.back(await prove_totp(door.p, session, code=app.code(), arrival=door.arrival))
    session, _, proven = await door.with_app(session, "spare")
    assert proven.codes == (), "the codes of the first one are still good"
    assert len(await factors(door.p, session)) == 2


async def test_a_user_has_ten_factors_at_most(door: Door) -> None:
    session = await door.came_in(await door.person())
    for _ in range(MOST):
        session, _, _ = await door.with_app(session)
    with pytest.raises(BadProfile, match="factors"):
        await begin_totp(door.p, session, issuer=ISSUER)


@pytest.mark.parametrize("label", ["x" * 61, "a\0b", "a\u202eb"])
async def test_a_label_is_short_and_can_be_printed(label: str, door: Door) -> None:
    session = await door.came_in(await door.person())
    with pytest.raises(BadProfile, match="label"):
        await confirm_totp(door.p, session, factor_id="x", code=Secret("000000"), label=label, arrival=None)


# --- removed ---


async def test_the_last_one_takes_with_it_what_it_opened(door: Door) -> None:
    person = await door.person()
    session, app, _ = await door.with_app(await door.came_in(person))
    await remove_factor(door.p, session, app.factor_id)
    assert await factors(door.p, session) == ()
    assert await door.letters(person) == ["factor_added", "factor_removed"]
    async with door.p.db.begin(hall(door.p)[1], tenants=[person.tenant_id]) as tx:
        codes = await tx.value("select count(*) from ipp.recovery_code where tenant_id = $1", person.tenant_id)
        row = await tx.row("select moves_money, strong_at from ipp.sign_in_session where id = $1", session.id)
        user = await tx.value("select second_factor from ipp.app_user where id = $1", person.user_id)
    assert (codes, user) == (0, False)
    assert row is not None
    assert tuple(row) == (False, None)


async def test_one_of_two_leaves_the_other_and_strangers_remove_nothing(door: Door) -> None:
    session, first, _ = await door.with_app(await door.came_in(await door.person()))
    session, second, _ = await door.with_app(session)
    stranger, _, _ = await door.with_app(await door.came_in(await door.person()))
    await remove_factor(door.p, stranger, first.factor_id)
    assert len(await factors(door.p, session)) == 2
    await remove_factor(door.p, session, first.factor_id)
    assert [f.id for f in await factors(door.p, session)] == [second.factor_id]
    assert session.second_factor


async def test_our_staff_proves_it_at_the_desk(staff_door: Door) -> None:
    person = await staff_door.person(Audience.STAFF, PLATFORM)
    _, app, _ = await staff_door.with_app(await staff_door.came_in(person))
    staff_door.clock.advance(2 * STEP_S)
    halfway = await staff_door.came_in(person, Stage.FACTOR)
    with pytest.raises(WrongFactor):
        await prove_totp(staff_door.p, halfway, code=app.code(steps_ago=4), arrival=staff_door.arrival)
    through = await prove_totp(staff_door.p, halfway, code=app.code(), arrival=staff_door.arrival)
    assert (await staff_door.back(through)).rights, "without a second factor there were none"


async def test_our_staff_keeps_one(staff_door: Door) -> None:
    person = await staff_door.person(Audience.STAFF, PLATFORM)
    session, first, _ = await staff_door.with_app(await staff_door.came_in(person))
    with pytest.raises(LastFactor):
        await remove_factor(staff_door.p, session, first.factor_id)
    session, second, _ = await staff_door.with_app(session)
    done = await asyncio.gather(
        remove_factor(staff_door.p, session, first.factor_id), remove_factor(staff_door.p, session, second.factor_id),
        return_exceptions=True,
    )  # fmt: skip
    assert sum(isinstance(each, LastFactor) for each in done) == 1, "also when both go at once"
    assert len(await factors(staff_door.p, session)) == 1


async def test_nothing_of_it_is_logged(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(log, "_stream", stream)
    person = await door.person()
    arrival = Arrival(address=Secret("203.0.113.77"))
    session, app, _ = await door.with_app(await door.came_in(person), "Grethes telefon")
    with pytest.raises(WrongFactor) as refused:
        await prove_totp(door.p, session, code=app.code(steps_ago=4), arrival=arrival)
    said = stream.getvalue() + repr(refused.value) + str(refused.value)
    for personal in (person.email, "Grethe", "203.0.113.77", app.secret, app.code(steps_ago=4).open()):
        assert personal not in said
