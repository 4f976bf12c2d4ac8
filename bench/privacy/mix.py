"""What people, shops and their programs ask for all day: a role mix after GDPRbench (Shastri et al., VLDB 2020).

| role | weight | verb | ours |
|---|---|---|---|
| customer (who: Zipf) | 1/5 | read data | an access copy |
| | 1/5 | read metadata | what is held, on which ground, until when, without values: the plan of an erasure |
| | 1/5 | update data | ask for a rectification: it is on record, with its clock |
| | 1/5 | update metadata | restrict, or lift that |
| | 1/5 | delete | an erasure |
| controller (who: uniform) | 1/4 | create | a checkout for a new payer |
| | 1/4 | delete | an erasure, asked for by the shop |
| | 1/2 | update metadata | half by user: restrict, or lift that; half by purpose: object, or overrule |
| processor | 4/5 (Zipf) | read by key | the status of a payment, with its order id |
| | 1/5 (uniform) | read by purpose and objection | a page of 25 payments; what is restricted stays shut |

The weights are the paper's. Deleting by time is retention, measured by itself; deleting by purpose is no verb here:
what ends a purpose for somebody hides their keys from it. In the mix every role has a third of the operations. A round
is the same list of operations on both sides, eight at once, called in one process: what a page or a call over HTTP adds
is in neither.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bench.privacy.figures import MIX, Mixed, Times
from bench.privacy.sides import Side
from bench.privacy.single import access_copy, erasure
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import NewCheckout
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Wanted
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.privacy.catalogue import ERASURE, PAYMENT_RECORDS
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.rights.restrict import release, restrict

CLIENTS = 8
_TURN = 100
_SKEW = 0.99
_OPERATOR = "operator"
_EURO = currency("EUR")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One operation: `verb`, and whom or what it is about, as a number between 0 and 1."""

    role: str
    verb: str
    about: float


@dataclass(eq=False)
class _Doer:
    """Does operations on one side. `marked`: whom a restriction or an objection stands for now."""

    side: Side
    marked: set[tuple[str, Person]] = field(default_factory=set)

    async def do(self, task: Task) -> None:
        """Do it."""
        await _VERBS[task.verb](self, task.about)

    def _person(self, about: float) -> Person:
        return self.side.people[int(about * len(self.side.people))]

    def _payment(self, about: float) -> str:
        return self.side.payments[int(about * len(self.side.payments))]

    def _standing(self, mark: str, person: Person) -> bool:
        """Whether it stood; from now on the other way round."""
        stood = (mark, person) in self.marked
        self.marked ^= {(mark, person)}
        return stood

    async def read_data(self, about: float) -> None:
        await access_copy(self.side, self._person(about))

    async def read_metadata(self, about: float) -> None:
        plan_of(await held(self.side.console, self._person(about), values=False))

    async def update_data(self, about: float) -> None:
        await requests.ask(
            self.side.console, New(
                person=self._person(about), kind=Kind.RECTIFICATION, identity=Identity.LINK, language="en",
                reply_to=Secret("payer@shop.example"), statement=Secret("My name is spelt with a d."),
            ),
        )  # fmt: skip

    async def update_metadata(self, about: float) -> None:
        person = self._person(about)
        verb = release if self._standing("restricted", person) else restrict
        await verb(self.side.console, person, asked_by=_OPERATOR)

    async def object_to(self, about: float) -> None:
        person, persons = self._person(about), self.side.console.persons
        verb = persons.overrule if self._standing("objected", person) else persons.object_to
        await verb(ERASURE, person.controller, person.person_id, PAYMENT_RECORDS.key)

    async def delete(self, _: float) -> None:
        await erasure(self.side)

    async def create(self, about: float) -> None:
        await checkouts.create(
            self.side.pay, company_id=self.side.company_id, order=NewCheckout(
                amount_text="12.00", amount_hundredths=1200, currency=_EURO, order_id="order 1234",
                notify_url="https://shop.example/ipn", payer_name="Bench Payer",
                payer_email=f"payer{about:.16f}@shop.example",
            ),
        )  # fmt: skip

    async def read_by_key(self, about: float) -> None:
        await payments.status(
            self.side.pay, payment_id=self._payment(about), payment_key=None, company_id=self.side.company_id
        )

    async def read_by_purpose(self, about: float) -> None:
        await payments.browse(
            self.side.console, company_id=self.side.company_id, wanted=Wanted(), before=self._payment(about)
        )


_VERBS: dict[str, Callable[[_Doer, float], Awaitable[None]]] = {
    "read data": _Doer.read_data, "read metadata": _Doer.read_metadata, "update data": _Doer.update_data,
    "update metadata": _Doer.update_metadata, "object": _Doer.object_to, "delete": _Doer.delete,
    "create": _Doer.create, "read by key": _Doer.read_by_key, "read by purpose": _Doer.read_by_purpose,
}  # fmt: skip

_Weights: TypeAlias = dict[str, float]
ROLES: dict[str, _Weights] = {
    "customer": {"read data": 0.2, "read metadata": 0.2, "update data": 0.2, "update metadata": 0.2, "delete": 0.2},
    "controller": {"create": 0.25, "delete": 0.25, "update metadata": 0.25, "object": 0.25},
    "processor": {"read by key": 0.8, "read by purpose": 0.2},
}
_SKEWED = {("customer", verb) for verb in ROLES["customer"]} | {("processor", "read by key")}


async def measure(sides: Sequence[Side], number: int, *, operations: int, verbs: dict[str, Times]) -> list[Mixed]:
    """One round of each role and of the mix of all. The sides take turns of some operations each, so that a machine
    that becomes slower meanwhile does so for both."""
    found = []
    for role in (*ROLES, MIX):
        doers = [_Doer(side) for side in sides]
        took = dict.fromkeys((side.name for side in sides), 0.0)
        tasks = list(_tasks(role, operations, random.Random(f"{role} {number}")))  # noqa: S311 - the same on both sides
        for turn, first in enumerate(range(0, operations, _TURN)):
            for doer in doers if (turn + number) % 2 == 0 else reversed(doers):
                took[doer.side.name] += await _run(doer, tasks[first : first + _TURN], verbs)
        found.append(Mixed(role=role, done={name: operations / seconds for name, seconds in took.items()}))
    return found


async def _run(doer: _Doer, tasks: Sequence[Task], verbs: dict[str, Times]) -> float:
    """Seconds until all of them are done."""
    left = iter(tasks)

    async def client() -> None:
        for task in left:
            begun = time.perf_counter()
            await doer.do(task)
            verbs[f"{task.role}: {task.verb}"][doer.side.name].append(time.perf_counter() - begun)

    with doer.side.inside():
        begun = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        return time.perf_counter() - begun


def _tasks(role: str, count: int, dice: random.Random) -> Iterator[Task]:
    ranks = list(itertools.accumulate(1.0 / rank**_SKEW for rank in range(1, _RANKS + 1)))
    for of in dice.choices(list(ROLES), k=count) if role == MIX else [role] * count:
        verb = dice.choices(list(ROLES[of]), list(ROLES[of].values()))[0]
        about = dice.random()
        if (of, verb) in _SKEWED:
            about = dice.choices(range(_RANKS), cum_weights=ranks)[0] / _RANKS
        yield Task(role=of, verb=verb, about=about)


_RANKS = 10_000
"""Whoever is asked for most often is asked for first in the list, which is one by age."""
