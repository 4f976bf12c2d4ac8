"""Passkeys, made and proven by an authenticator in software: whatever is wrong with an answer opens nothing (facts,
I.5)."""

import asyncio
import io
import json

import pytest
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from ippgateway.core import log
from ippgateway.domains.accounts.errors import BadProfile, NotStrong, WrongFactor
from ippgateway.domains.accounts.schemas import FactorKind, Proven, Session, Site, Stage
from ippgateway.domains.accounts.service.factors import factors, remove_factor
from ippgateway.domains.accounts.service.passkeys import (
    begin_passkey,
    begin_passkey_proof,
    confirm_passkey,
    prove_passkey,
)

from .authenticator import Authenticator
from .newcomers import Door, Person

SITE = Site(host="console.localhost", origin="http://console.localhost:8000", name="IPP Platform")


def authenticator(**wrong: object) -> Authenticator:
    return Authenticator(**{"host": SITE.host, "origin": SITE.origin, **wrong})  # type: ignore[arg-type]


async def confirm(door: Door, session: Session, answer: str, label: str = "") -> Proven:
    return await confirm_passkey(door.p, session, SITE, answer=answer, label=label, arrival=door.arrival)


async def with_passkey(door: Door, person: Person, key: Authenticator, label: str = "") -> Session:
    """Whoever added this passkey, signed in."""
    session = await door.came_in(person)
    proven = await confirm(door, session, key.make(await begin_passkey(door.p, session, SITE)), label)
    return await door.back(proven.signed_in)


async def prove(door: Door, session: Session, answer: str) -> Session:
    return await door.back(await prove_passkey(door.p, session, SITE, answer=answer, arrival=door.arrival))


# --- added ---


async def test_a_passkey_is_added_with_recovery_codes_and_opens_what_was_halfway(door: Door) -> None:
    person, key = await door.person(), authenticator()
    session = await door.came_in(person)
    proven = await confirm(door, session, key.make(await begin_passkey(door.p, session, SITE)), "Laptop")
    assert len(proven.codes) == 10
    session = await door.back(proven.signed_in)
    assert session.moves_money
    assert [(f.kind, f.label) for f in await factors(door.p, session)] == [(FactorKind.PASSKEY, "Laptop")]
    assert await door.letters(person) == ["factor_added"]
    halfway = await door.came_in(person, Stage.FACTOR)
    through = await prove(door, halfway, key.prove(await begin_passkey_proof(door.p, halfway, SITE)))
    assert (through.id, through.stage, through.moves_money) == (halfway.id, Stage.OPEN, True)


async def test_a_browser_is_told_what_we_ask_of_a_passkey_and_nobody_s_id(door: Door) -> None:
    person = await door.person()
    told = json.loads(await begin_passkey(door.p, await door.came_in(person), SITE))
    assert told["rp"] == {"id": SITE.host, "name": SITE.name}
    assert told["attestation"] == "none"
    assert [each["alg"] for each in told["pubKeyCredParams"]] == [-8, -7, -257]
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["timeout"] == 300_000
    assert len(base64url_to_bytes(told["challenge"])) == 32
    handle = base64url_to_bytes(told["user"]["id"])
    assert len(handle) == 16
    assert person.user_id.encode() not in handle


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://console.localhost:8001"},
        {"origin": "https://console.localhost:8000"},
        {"origin": "http://evil.example"},
        {"host": "localhost"},
        {"host": "evil.example"},
        {"verifies": False},
        {"cross_origin": True},
        {"credential_id": b"x" * 1024},
    ],
)
async def test_a_passkey_of_another_place_or_without_its_person_is_not_added(
    wrong: dict[str, object], door: Door
) -> None:
    session = await door.came_in(await door.person())
    answer = authenticator(**wrong).make(await begin_passkey(door.p, session, SITE))
    with pytest.raises(WrongFactor):
        await confirm(door, session, answer)
    assert await factors(door.p, session) == ()


async def test_a_challenge_adds_one_passkey_also_when_it_comes_at_once(door: Door) -> None:
    session = await door.came_in(await door.person())
    options = await begin_passkey(door.p, session, SITE)
    done = await asyncio.gather(
        *(confirm(door, session, authenticator().make(options)) for _ in range(8)), return_exceptions=True
    )
    assert len([each for each in done if isinstance(each, Proven)]) == 1


async def test_a_challenge_is_spent_by_a_wrong_answer_too(door: Door) -> None:
    session = await door.came_in(await door.person())
    options = await begin_passkey(door.p, session, SITE)
    for key in (authenticator(verifies=False), authenticator()):
        with pytest.raises(WrongFactor):
            await confirm(door, session, key.make(options))


async def test_a_challenge_is_good_for_five_minutes_in_its_own_session_and_step(door: Door) -> None:
    person, key = await door.person(), authenticator()
    session, other = await door.came_in(person), await door.came_in(person)
    with pytest.raises(WrongFactor):
        await confirm(door, other, key.make(await begin_passkey(door.p, session, SITE)))
    options = await begin_passkey(door.p, session, SITE)
    door.clock.advance(301)
    with pytest.raises(WrongFactor):
        await confirm(door, session, key.make(options))
    session = await with_passkey(door, person, key)
    with pytest.raises(WrongFactor):
        await confirm(door, session, authenticator().make(json.dumps(
            {"challenge": json.loads(await begin_passkey_proof(door.p, session, SITE))["challenge"],
             "user": {"id": bytes_to_base64url(key.user)}}
        )))  # fmt: skip


async def test_the_same_passkey_is_not_added_twice(door: Door) -> None:
    person, key = await door.person(), authenticator()
    session = await with_passkey(door, person, key)
    options = await begin_passkey(door.p, session, SITE)
    assert [base64url_to_bytes(each["id"]) for each in json.loads(options)["excludeCredentials"]] == [key.credential_id]
    with pytest.raises(WrongFactor):
        await confirm(door, session, key.make(options))


async def test_halfway_nothing_is_added_and_another_takes_a_proof_of_a_moment_ago(door: Door) -> None:
    person = await door.person()
    session = await with_passkey(door, person, authenticator())
    with pytest.raises(NotStrong):
        await begin_passkey(door.p, await door.came_in(person, Stage.FACTOR), SITE)
    door.clock.advance(15 * 60 + 1)
    with pytest.raises(NotStrong):
        await begin_passkey(door.p, session, SITE)


# --- proven ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://console.localhost"},
        {"host": "evil.example"},
        {"verifies": False},
        {"cross_origin": True},
        {"key": authenticator().key},
        {"credential_id": b"of nobody"},
        {"user": b"of somebody else"},
    ],
)
async def test_an_answer_with_anything_wrong_opens_nothing(wrong: dict[str, object], door: Door) -> None:
    person, key = await door.person(), authenticator()
    await with_passkey(door, person, key)
    halfway = await door.came_in(person, Stage.FACTOR)
    bad = authenticator(**{"key": key.key, "credential_id": key.credential_id, "user": key.user, **wrong})
    with pytest.raises(WrongFactor):
        await prove(door, halfway, bad.prove(await begin_passkey_proof(door.p, halfway, SITE)))
    assert "wrong_factor" in await door.happened(person)
    assert (await prove(door, halfway, key.prove(await begin_passkey_proof(door.p, halfway, SITE)))).moves_money


async def test_an_answer_of_another_kind_opens_nothing(door: Door) -> None:
    person, key = await door.person(), authenticator()
    await with_passkey(door, person, key)
    halfway = await door.came_in(person, Stage.FACTOR)
    with pytest.raises(WrongFactor):
        await prove(door, halfway, key.prove(await begin_passkey_proof(door.p, halfway, SITE), kind="webauthn.create"))


async def test_an_answer_opens_once_and_in_the_session_that_asked(door: Door) -> None:
    person, key = await door.person(), authenticator()
    await with_passkey(door, person, key)
    first, second = await door.came_in(person, Stage.FACTOR), await door.came_in(person, Stage.FACTOR)
    answer = key.prove(await begin_passkey_proof(door.p, first, SITE))
    with pytest.raises(WrongFactor):
        await prove(door, second, answer)
    first = await prove(door, first, answer)
    with pytest.raises(WrongFactor):
        await prove(door, first, answer)


async def test_an_answer_opens_one_time_of_many_at_once(door: Door) -> None:
    person, key = await door.person(), authenticator()
    await with_passkey(door, person, key)
    halfway = await door.came_in(person, Stage.FACTOR)
    answer = key.prove(await begin_passkey_proof(door.p, halfway, SITE))
    done = await asyncio.gather(*(prove(door, halfway, answer) for _ in range(5)), return_exceptions=True)
    assert len([each for each in done if not isinstance(each, Exception)]) <= 1
    opened = [each for each in done if not isinstance(each, WrongFactor)]
    assert len(opened) == 1


@pytest.mark.parametrize(("stored", "told", "good"), [(5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False),
                                                      (0, 0, True), (0, 1, True)])  # fmt: skip
async def test_a_counter_only_goes_up(stored: int, told: int, good: bool, door: Door) -> None:
    person, key = await door.person(), authenticator(count=stored)
    session = await with_passkey(door, person, key)
    key.count = told
    answer = key.prove(await begin_passkey_proof(door.p, session, SITE))
    if good:
        assert (await prove(door, session, answer)).moves_money
    else:
        with pytest.raises(WrongFactor):
            await prove(door, session, answer)


async def test_a_counter_is_remembered(door: Door) -> None:
    person, key = await door.person(), authenticator(count=1)
    session = await with_passkey(door, person, key)
    key.count = 7
    session = await prove(door, session, key.prove(await begin_passkey_proof(door.p, session, SITE)))
    with pytest.raises(WrongFactor):
        await prove(door, session, key.prove(await begin_passkey_proof(door.p, session, SITE)))


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", '{"id": 1}', "{" * 5_000, "x" * 20_000,
     json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key",
                 "response": {"clientDataJSON": "e30", "authenticatorData": "YQ", "signature": "YQ"}})],
)  # fmt: skip
async def test_rubbish_is_a_wrong_factor_and_nothing_else(answer: str, door: Door) -> None:
    person, key = await door.person(), authenticator()
    session = await with_passkey(door, person, key)
    with pytest.raises(WrongFactor):
        await prove(door, session, answer)
    with pytest.raises(WrongFactor):
        await confirm(door, session, answer)


async def test_guessers_have_five_tries(door: Door) -> None:
    person, key = await door.person(), authenticator()
    await with_passkey(door, person, key)
    halfway = await door.came_in(person, Stage.FACTOR)
    options = await begin_passkey_proof(door.p, halfway, SITE)
    for _ in range(5):
        with pytest.raises(WrongFactor):
            await prove(door, halfway, "{}")
    with pytest.raises(WrongFactor):
        await prove(door, halfway, key.prove(options))


async def test_a_passkey_that_was_removed_opens_nothing(door: Door) -> None:
    person, key, spare = await door.person(), authenticator(), authenticator()
    session = await with_passkey(door, person, key, "old")
    proven = await confirm(door, session, spare.make(await begin_passkey(door.p, session, SITE)))
    session = await door.back(proven.signed_in)
    old = next(each.id for each in await factors(door.p, session) if each.label == "old")
    halfway = await door.came_in(person, Stage.FACTOR)
    options = await begin_passkey_proof(door.p, halfway, SITE)
    await remove_factor(door.p, session, old)
    with pytest.raises(WrongFactor):
        await prove(door, halfway, key.prove(options))


async def test_whoever_has_none_is_asked_for_none(door: Door) -> None:
    session, _, _ = await door.with_app(await door.came_in(await door.person()))
    with pytest.raises(BadProfile, match="passkey"):
        await begin_passkey_proof(door.p, session, SITE)


async def test_nothing_of_it_is_logged(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(log, "_stream", stream)
    person, key = await door.person(), authenticator(count=5)
    session = await with_passkey(door, person, key, "Grethes nøgle")
    answer = key.prove(await begin_passkey_proof(door.p, session, SITE))
    with pytest.raises(WrongFactor) as refused:
        await prove(door, session, answer)
    assert "passkey.counted_back" in stream.getvalue()
    said = stream.getvalue() + repr(refused.value) + repr(refused.value.__cause__)
    for personal in (person.email, "Grethe", bytes_to_base64url(key.credential_id), door.arrival.address.open()):
        assert personal not in said
