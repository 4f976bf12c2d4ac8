"""A case for whoever decides it: the list with its clock, the page, and what can be done there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest, NoSuchRequest, NoSuchStep
from ippgateway.domains.requests.schemas import EXTENSIONS, REASONS, TELLS, WAITS, Kind, Notice, Request, State
from ippgateway.faces.pages.held import field_words, received_in
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.cases import words
from ippgateway.faces.shell.house import House
from ippgateway.privacy.rights.correct import fields
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PURPOSES

PURPOSE_WORDS = {purpose.key: purpose.words for purpose in PURPOSES}

More = Callable[[House, Request], Awaitable[dict[str, object]]]
Every = Callable[[House, Ask], Awaitable[tuple[Request, ...]]]


async def _nothing_more(_house: House, _request: Request) -> dict[str, object]:
    return {}


async def _nobody_to_tell(_house: House) -> tuple[Notice, ...]:
    return ()


async def _nothing_follows(_house: House, _request: Request) -> None:
    """Another process carries it out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """The cases of one face. `every`: those there are; `tenant`: whose one is, by the path or by whoever is signed in;
    `more`: what else its page is told; `follow`: what is done at once after a decision; `to_tell`: recipients whom
    somebody here has to tell, and `telling`, where the page of one of them is."""

    every: Every
    tenant: Callable[[Ask], str]
    path: Callable[[Request], str]
    more: More = _nothing_more
    follow: Callable[[House, Request], Awaitable[None]] = _nothing_follows
    entering: bool = False
    to_tell: Callable[[House], Awaitable[tuple[Notice, ...]]] = _nobody_to_tell
    telling: str = ""

    async def listed(self, house: House, ask: Ask) -> Response:
        """All of them: what is due first."""
        today = house.platform.clock.now().date()
        found = [(each, self.path(each), each.late(today)) for each in await self.every(house, ask)]
        return house.page(
            ask, "cases/list.html", title=words.REQUESTS, c=words, cases=found, entering=self.entering,
            to_tell=await self.to_tell(house), telling=self.telling, notice=words.DONE.get(ask.query.get("done", "")),
        )  # fmt: skip

    async def shown(self, house: House, ask: Ask) -> Response:
        """One of them."""
        return await self._case(house, ask)

    async def taken(self, house: House, ask: Ask) -> Response:
        """What was decided."""
        request, p, by = await self._found(house, ask), house.platform, ask.known.user_id
        place = {"tenant_id": request.tenant_id, "request_id": request.id, "by": by}
        form, done = ask.form, "decided"
        try:
            match form.get("do"):
                case "identify":
                    await requests.identify(p, **place)
                    done = "identified"
                case "extend":
                    await requests.extend(p, **place, why=form.get("extension", ""))
                    done = "extended"
                case "grant":
                    await requests.grant(p, **place, answer=form.get("answer", ""))
                case "refuse":
                    await requests.refuse(p, **place, reason=form.get("reason", ""), answer=form.get("answer", ""))
                case _:
                    raise Refused(419)
        except BadRequest as why:
            return await self._case(house, ask, wrong={why.field: words.BAD[why.field]}, status=422)
        except NoSuchStep:
            return await self._case(house, ask, problem=words.GONE_ON, status=409)
        await self.follow(house, request)
        return house.see_other(f"{self.path(request)}?done={done}")

    async def found(self, house: House, ask: Ask) -> Request:
        """The case that the path names. Raises Refused."""
        return await self._found(house, ask)

    async def _case(
        self, house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        request, today = await self._found(house, ask), house.platform.clock.now().date()
        more = await self.more(house, request)
        return house.page(
            ask, "cases/case.html", title=words.KINDS[request.kind], c=words, case=request, status=status,
            path=self.path(request), late=request.late(today), wrong=wrong or {}, problem=problem, typed=ask.form,
            notice=words.DONE.get(ask.query.get("done", "")), waits=WAITS, extensions=list(EXTENSIONS.items()),
            extension_words=EXTENSIONS, certificate_at=f"/certificate/{request.tenant_id}/{request.id}",
            reasons=[(key, each.words) for key, each in REASONS.items() if request.kind in each.kinds],
            why=REASONS[request.reason] if request.reason else None, purposes=PURPOSE_WORDS,
            extends=request.may_extend(today), telling=self.telling, **corrected(request),
            notices=await requests.notices(house.platform, request.id, numbers=True),
            open=request.state is State.OPEN, asked=request.state is State.ASKED,
            to_hear=request.kind in TELLS, given=received_in(ask.language),
            **{"received": None, "export": False, "known_by": "", "plan": None, **more},
        )  # fmt: skip

    async def _found(self, house: House, ask: Ask) -> Request:
        try:
            found = await requests.one(
                house.platform, tenant_id=self.tenant(ask), request_id=ask.path["request_id"]
            )  # fmt: skip
        except NoSuchRequest:
            raise Refused(404) from None
        if found.payer != self.entering:
            raise Refused(404)
        return found


def corrected(request: Request) -> dict[str, object]:
    """What a page says of a correction: the field in words, what granting it does, and what became of it."""
    about = fields().get(request.field or "")
    if about is None:
        return {"field": None}
    noted = words.BESIDE if about.stands else words.IS_THE_NOTE
    return {
        "field": field_words(about.name), "would": words.WRITES if about.correctable else words.NOTES,
        "became": words.WRITTEN if about.correctable else noted,
    }  # fmt: skip


KINDS_OF_PAYERS = tuple(kind for kind in Kind if kind is not Kind.CLOSURE)
"""What a payer can ask: there is no account to close."""
