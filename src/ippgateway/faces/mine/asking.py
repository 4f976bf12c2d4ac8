"""What somebody without an account asks a shop about their data: asking it, following it, taking a copy away.

It goes to the shop's list of cases, with its clock; of what was never live nothing has to be decided, and it is done at
once. The link that shows what is held shows as well how each request stands.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.people import AtShop
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest, NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.schemas import (
    BY_ITSELF,
    EXTENSIONS,
    REASONS,
    WAITS,
    Identity,
    Kind,
    New,
    Notice,
    Request,
    State,
)
from ippgateway.faces.mine import link_words as words
from ippgateway.faces.mine.asked import Asked
from ippgateway.faces.pages.held import field_options
from ippgateway.faces.pages.held_pdf import pdf_of
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.faces.shell.cases.deciding import KINDS_OF_PAYERS, PURPOSE_WORDS, corrected
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.copy import access_copy, encoded, portable_copy
from ippgateway.privacy.rights.held import Held, held
from ippgateway.privacy.vocabulary import Purpose, Words

_MOST = 20
_UNDECIDED = frozenset({State.ASKED, State.OPEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A copy to take away."""

    body: bytes
    kind: str
    name: str


async def asked(p: Platform, it: Asked, known: AtShop, *, email: str) -> Request:
    """Put what a form says on record, and do what follows at once; what is asked a second time is the same request.
    Raises BadRequest."""
    kind = it.one("kind")
    if kind not in set(KINDS_OF_PAYERS):
        raise BadRequest("kind")
    new = New(
        person=known.person, kind=Kind(kind), identity=Identity.LINK, language=it.language.value,
        reply_to=Secret(email), statement=Secret(it.one("statement")), purpose=it.one("purpose"),
        field=it.one("field"), new_value=Secret(it.one("new_value")), decided_by=BY_ITSELF if known.only_tests else "",
    )  # fmt: skip
    if known.only_tests:
        return await requests.at_once(p, ROOMS, new)
    request_id = await _open_one(p, new) or await requests.ask(p, new)
    return await requests.carry_out(p, ROOMS, tenant_id=known.person.rows_of, request_id=request_id)


async def erased(p: Platform, it: Asked, known: AtShop, *, email: str) -> Request:
    """The same for what was never live, once its plan was seen."""
    return await requests.at_once(p, ROOMS, New(
        person=known.person, kind=Kind.ERASURE, identity=Identity.LINK, language=it.language.value,
        reply_to=Secret(email), decided_by=BY_ITSELF,
    ))  # fmt: skip


async def withdrawn(p: Platform, known: AtShop, request_id: str) -> bool:
    """They want it no more. Whether it could still be withdrawn."""
    place = {"tenant_id": known.person.rows_of, "request_id": request_id}
    try:
        if (await requests.one(p, **place)).person != known.person:
            return False
        await requests.withdraw(p, **place)
    except (NoSuchRequest, NoSuchStep):
        return False
    await requests.carry_out(p, ROOMS, **place)
    return True


async def _open_one(p: Platform, new: New) -> str | None:
    """The same request, while it is not decided."""
    for each in await requests.of_person(p, new.person):
        told = (each.kind, each.purpose or "", each.field or "")
        if each.state in _UNDECIDED and told == (new.kind, new.purpose, new.field):
            return each.id
    return None


async def copied(p: Platform, known: AtShop, which: str, it: Asked) -> File | None:
    """Everything that is held at the shop, as a file; None for a file that there is none of."""
    making = _FILES.get(which)
    return None if making is None else await making(p, await held(p, known.person, whole=True), it)


async def _archive(_p: Platform, found: Held, _it: Asked) -> File:
    return File(body=encoded(access_copy(found)), kind="application/json", name="your-data.json")


async def _portable(_p: Platform, found: Held, _it: Asked) -> File:
    return File(body=encoded(portable_copy(found)), kind="application/json", name="your-own-data.json")


async def _paper(p: Platform, found: Held, it: Asked) -> File:
    shop = await people.shop(p, found.person.controller)
    body = await asyncio.to_thread(
        pdf_of, found, it.language, title=words.AT_SHOP, operator=p.operator, controller=shop.name
    )
    return File(body=body, kind="application/pdf", name="your-data.pdf")


_FILES: dict[str, Callable[[Platform, Held, Asked], Awaitable[File]]] = {
    "copy": _archive, "portable": _portable, "pdf": _paper,
}  # fmt: skip


async def told_of_requests(p: Platform, known: AtShop, found: Held) -> dict[str, object]:
    """What the page of a shop is told about requests: those there are, and what more can be asked."""
    held_for = {purpose for field in found.fields for purpose in field.uses}
    uses = [purpose for purpose in requests.objectable() if purpose in held_for]
    return {
        "c": case_words, "asked": [await _standing(p, each) for each in await _newest(p, known)],
        "kinds": [(kind.value, case_words.KINDS[kind]) for kind in KINDS_OF_PAYERS if _may_ask(kind, known, uses)],
        "options": field_options(found), "uses": uses, "role": role_words,
    }  # fmt: skip


def _may_ask(kind: Kind, known: AtShop, uses: Sequence[Purpose]) -> bool:
    """Of what was never live, the page shows everything and erases it by its own button; an objection needs a use."""
    if kind is Kind.OBJECTION and not uses:
        return False
    return not known.only_tests or kind not in (Kind.ACCESS, Kind.COPY, Kind.ERASURE)


async def _newest(p: Platform, known: AtShop) -> list[Request]:
    told = (await requests.of_person(p, known.person))[:_MOST]
    return [await requests.one(p, tenant_id=each.tenant_id, request_id=each.id) for each in told]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Standing:
    """How a request stands, for whoever asked it. Not printable."""

    case: Request
    notices: tuple[Notice, ...]
    facts: tuple[tuple[Words, Words | str], ...]
    became: object
    undecided: bool
    certificate_at: str


async def _standing(p: Platform, request: Request) -> Standing:
    correction, done = corrected(request), request.state is State.DONE
    has_certificate = request.certificate is not None and done
    return Standing(
        case=request, notices=await requests.notices(p, request.id), facts=tuple(_facts(request, correction)),
        became=correction.get("became") if done else None, undecided=request.state in _UNDECIDED,
        certificate_at=f"{p.origins.get('console', '')}/certificate/{request.tenant_id}/{request.id}"
        if has_certificate else "",
    )  # fmt: skip


def _facts(request: Request, correction: dict[str, object]) -> list[tuple[Words, Words | str]]:
    """What there is to say of it, each under its head."""
    why = REASONS.get(request.reason or "")
    said: list[tuple[Words, object]] = [
        (case_words.PURPOSE, PURPOSE_WORDS.get(request.purpose or "")), (case_words.FIELD, correction["field"]),
        (case_words.NEW_VALUE, request.new_value and request.new_value.open()),
        (case_words.STATEMENT, request.statement and request.statement.open()),
        (case_words.EXTENDED, EXTENSIONS.get(request.extension or "")),
        (case_words.WAITS, WAITS.get(request.waits_for or "")), (case_words.REASON, why and why.words),
        (case_words.ANSWER, request.answer and request.answer.open()),
    ]  # fmt: skip
    return [(head, value) for head, value in said if isinstance(value, Words | str) and value]


def role_words(purpose: Purpose) -> Words:
    """The roles of our staff that a purpose is open to."""
    roles = [role.words for role in ROLES.values() if purpose in role.purposes]
    return Words(
        en=" / ".join(each.en for each in roles) or "nobody", da=" / ".join(each.da for each in roles) or "ingen"
    )
