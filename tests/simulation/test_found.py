"""A mechanism is broken on purpose, and the simulation notices within some seeds."""

import asyncio
import inspect
import re
import sys
import textwrap
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from ippgateway.domains.idempotency import service as idempotency
from ippgateway.domains.notifications import service as notifications

from .conftest import Simulator

act, attempt, authorise, known, outcome, recover, settle = (
    import_module(f"ippgateway.domains.payments.service.{name}")
    for name in ("act", "attempt", "authorise", "known", "outcome", "recover", "settle")
)
SEEDS = range(1, 41)

Break = tuple[Any, str, str, str, str]
"""Where, which function, what is replaced in its source, by what, and the sentence (a regular expression) that finds
it; whatever else is wrong then does not count. Where a constraint of the database stands behind the mechanism, the
sentence says that it was met."""

_OTHER_AMOUNTS = r"^\S+: authorised \d+, held \d+, captured \d+, refunded \d+ \w+ here, .* there$"

BROKEN: dict[str, Break] = {
    "an outcome is recorded whatever the state": (
        outcome, "_move_all", " and p.state = m.before", "",
        r"outcome\.not_recorded: unique_violation|: REVERSED here, approved there$|: APPROVED with \['payment\.unknown"
    ),
    "silence is called a decline": (
        authorise, "_ask", "except NotSent:", "except (NotSent, NoAnswer):", r": DECLINED here, approved there$"
    ),
    "the reversal is not stored": (outcome, "_owe_reversals", "'QUEUED'", "'DONE'", r": still UNKNOWN$"),
    "a reversal counts as acknowledged though nobody answered": (
        recover.Recovery, "_deliver", "reason = error.response_code or error.reason.value",
        "return await self._done(owed, Answer.undone())",
        r": REVERSED here, approved there$|: (?:CAPTURE|REFUND|VOID) NOK here, \d+ there$",
    ),
    "what a dead process left behind is not looked for": (
        recover.Recovery, "_find_abandoned", "state = 'SENT'", "state = 'NEVER'", r": still SENT$"
    ),
    "an advice has another identity when it is sent again": (
        recover, "_trace", 'stan=row[f"{which}stan"]', 'stan=row[f"{which}stan"] if which else "999999"',
        r"^999999: an action there that nobody has here$",
    ),
    "silence after a capture or refund is called a refusal": (
        act, "_ask", "except NoAnswer:\n        return Answer.none()",
        "except NoAnswer:\n        return Answer.not_sent()", r": (?:CAPTURE|REFUND|VOID) NOK here, \d+ there$"
    ),
    "a capture's limit is not held": (
        act, "_hold", "and o.minor <= {room} returning", "returning", r"^a shop met CheckViolationError"
    ),
    "an action is settled twice": (
        settle, "settle", "if done != 1:", "if False:", rf"outcome\.not_recorded: check_violation|{_OTHER_AMOUNTS}"
    ),
    "a reservation is not given back": (
        settle, "_balance", "{reserved} = {reserved} - $3", "{reserved} = {reserved}", r": something stays reserved$"
    ),
    "a repeated request acts again": (
        act, "_earlier", "and request_id = $2", "and request_id = $2 and false", r"^a shop met UniqueViolationError"
    ),
    "a key does not stand for a request": (
        idempotency, "_claim", "_Claim(taken, ours=True)", "_Claim({**taken, 'id': p.ids.new()}, ours=True)",
        r"^key-\d+: two actions for one key$",
    ),
    "a shop's yes is not recorded": (
        notifications, "_write", "state = $3", "state = 'PENDING'", r": the notification is still owed$"
    ),
    "a shop is given up too soon": (
        notifications, "_record", "tries=claimed.tries", "tries=claimed.tries + 5", r": given up after [1-6] calls$"
    ),
}  # fmt: skip


def mutate(patch: pytest.MonkeyPatch, place: Any, name: str, old: str, new: str) -> None:
    """Replace `old` in the source of a function or method, wherever that is known by its name."""
    found = getattr(place, name)
    text = _SOURCES.get(found) or textwrap.dedent(inspect.getsource(found))
    assert text.count(old) == 1, f"{name} says {old!r} {text.count(old)} times"
    text = text.replace(old, new)
    scope = vars(place if isinstance(place, ModuleType) else inspect.getmodule(found))
    made: dict[str, Any] = {}
    exec(compile(text, f"<{name}, broken>", "exec"), scope, made)  # noqa: S102 - the program's own source
    _SOURCES[made[name]] = text
    places = [m for m in tuple(sys.modules.values()) if getattr(m, "__name__", "").startswith("ippgateway.")]
    for each in (place, *places):
        if vars(each).get(name) is found:
            patch.setattr(each, name, made[name])


_SOURCES: dict[Any, str] = {}


@pytest.mark.parametrize("what", BROKEN)
async def test_what_is_broken_is_found(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    *broken, sentence = BROKEN[what]
    mutate(monkeypatch, *broken)
    await _says(simulator, sentence)


async def _says(simulator: Simulator, sentence: str) -> None:
    said: set[str] = set()
    for seed in SEEDS:
        said.update((await simulator.run(seed)).wrong)
        if any(re.search(sentence, each) for each in said):
            return
    pytest.fail(f"never said; but {sorted(said)[:10]}")


async def test_a_call_after_the_shop_s_yes_is_found(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm that rings once too often, as alarms may, and nobody looks at what it rings for."""
    mutate(
        monkeypatch,
        notifications,
        "_claim",
        "and state = 'PENDING' and next_at <= $4",
        "and $4::timestamptz is not null",
    )
    again = "at=then.next_at or now + timedelta(hours=1)"
    mutate(monkeypatch, notifications, "_record", "if written and then.next_at is not None", "if written")
    mutate(monkeypatch, notifications, "_record", "at=then.next_at", again)
    await _says(simulator, r": called again after the shop's yes was recorded$")


async def test_a_repeat_that_looked_too_early_gets_the_first_answer(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes may carry out one request: what the first look misses is found when reserving fails."""
    mutate(monkeypatch, act, "act", "await _earlier(g, asked.company_id, asked.request_id)", "None")
    assert await simulator.first_wrong(range(1, 11)) is None


async def test_a_second_attempt_on_a_checkout_is_found(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither read nor held by the database: a payer who clicks twice is charged twice."""
    in_the_way = " where state in ('SENT', 'UNKNOWN', 'APPROVED') do nothing "
    mutate(monkeypatch, attempt, "_insert", f"  on conflict (company_id, checkout_id){in_the_way}", " ")
    mutate(monkeypatch, known, "_standing", "p.state in ('SENT', 'UNKNOWN', 'APPROVED')", "p.state = 'NEVER'")
    server = simulator.server
    index = await asyncio.to_thread(
        server.do, server.main.fetchval("select indexdef from pg_indexes where indexname = 'uq_payment_checkout'")
    )
    await asyncio.to_thread(server.do, server.main.execute("drop index ipp.uq_payment_checkout"))
    try:
        found = await simulator.first_wrong(SEEDS)
    finally:
        await asyncio.to_thread(server.empty)
        await asyncio.to_thread(server.do, server.main.execute(index))
    assert found is not None
    assert any("charged 2 times" in each for each in found.wrong)
