"""A link by mail for people without an account: what is held about an e-mail address, at whichever shops.

Three steps. `/` asks for the address, and answers alike whoever it is. `/link/…` is what was mailed: looking at it uses
nothing up, so that a scanner of mail does no harm; its form takes the address once more and exchanges the link for a
secret that is good for an hour. That secret stands in the forms of `/held` alone, in no address and no cookie.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.service.users import require_profile
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.people import AtShop
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest
from ippgateway.domains.requests.schemas import Kind, State
from ippgateway.faces.mine import asking
from ippgateway.faces.mine import link_words as words
from ippgateway.faces.mine import words as purchase_words
from ippgateway.faces.mine.asked import Asked, Here
from ippgateway.faces.mine.kept import kept_of_asking
from ippgateway.faces.mine.paper import Paper, plan_for_reading, see_other, taken, told_of
from ippgateway.faces.mine.paths import HELD
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.plan import Plan
from ippgateway.privacy.vocabulary import Words

_SECRET = re.compile(r"[A-Za-z0-9]{20,64}", re.ASCII)
_ASK, _HELD = Here(path="/", fields={}), f"/{HELD}"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class _Proof:
    """What shows that somebody owns an address: it stands in the forms of every page from there on."""

    secret: Secret[str]
    email: str

    def here(self, **more: str) -> Here:
        """A page that is asked for with it."""
        return Here(path=_HELD, fields={"secret": self.secret.open(), "email": self.email, **more}, posts=True)

    def at(self, known: AtShop) -> Here:
        """A page about somebody whom a shop knows by it."""
        return self.here(shop=known.person.controller, person=known.person.person_id)


class Link:
    """The pages of a link. `mail_url`: where a sandbox shows the mail that it sent, empty elsewhere; `console_url`:
    where whoever has an account signs in."""

    def __init__(self, platform: Platform, paper: Paper, *, mail_url: str, console_url: str) -> None:
        self._p = platform
        self._paper = paper
        self._places = {"mail_url": mail_url, "console_url": console_url}
        self._kept = kept_of_asking()

    async def __call__(self, it: Asked) -> Response:
        """Answer one request."""
        part, _, secret = it.path.partition("/")
        if part == "" and not secret:
            return await self._sent(it) if it.posted else self._ask(it)
        if part == "link" and _SECRET.fullmatch(secret):
            return await self._opened(it, Secret(secret)) if it.posted else self._link(it, secret)
        if part == HELD and not secret:
            return await self._held(it) if it.posted else see_other("/")
        return self._page("nowhere.html", purchase_words.NOT_FOUND, it, _ASK, status=404)

    # --- asking for a link ---

    def _ask(self, it: Asked, *, problem: Words | None = None, status: int = 200) -> Response:
        facts = {"problem": problem, "kept": self._kept}
        return self._page("ask.html", words.TITLE, it, _ASK, status=status, **facts)

    async def _sent(self, it: Asked) -> Response:
        """The same for everybody. What can be no address is said so, which tells nothing about anybody."""
        email = it.one("email")
        try:
            require_profile(email=email)
        except BadProfile:
            return self._ask(it, problem=words.NO_ADDRESS, status=422)
        if not it.ours:
            return self._ask(it, status=403)
        await requests.ask_link(self._p, email=email, language=it.language, arrival=it.arrival)
        return self._page("sent.html", words.SENT, it, _ASK)

    # --- opening it ---

    def _link(self, it: Asked, secret: str, *, problem: Words | None = None, status: int = 200) -> Response:
        here = Here(path=f"/link/{secret}", fields={})
        return self._page("link.html", words.OPEN, it, here, status=status, problem=problem)

    async def _opened(self, it: Asked, secret: Secret[str]) -> Response:
        email = it.one("email")
        given = await requests.open_link(self._p, secret=secret, email=email, arrival=it.arrival)
        if given is None:
            return self._link(it, secret.open(), problem=words.OPENS_NOTHING, status=403)
        return await self._overview(it, _Proof(secret=given, email=email))

    # --- what is held ---

    async def _held(self, it: Asked) -> Response:
        proof = _Proof(secret=Secret(it.one("secret")), email=it.one("email"))
        if not await requests.proves(self._p, secret=proof.secret, email=proof.email):
            return self._page("over.html", words.OVER, it, _ASK, status=403, lead=words.OVER_LEAD)
        if it.one("do") == "end":
            await requests.end_link(self._p, secret=proof.secret)
            return self._page("over.html", words.ENDED, it, _ASK, lead=words.ENDED_LEAD)
        if not it.one("shop"):
            return await self._overview(it, proof)
        there, whom = await people.known_at(self._p, company_id=it.one("shop"), email=proof.email), it.one("person")
        known = next((each for each in there if whom in ("", each.person.person_id)), None)
        if known is None:
            return await self._overview(it, proof, notice=words.NOTHING_THERE)
        return await self._at_shop(it, proof, known)

    async def _overview(self, it: Asked, proof: _Proof, *, notice: Words | None = None) -> Response:
        there = await people.payers_by_email(self._p, email=proof.email)
        times = Counter(known.person.controller for known in there)
        shops = [
            (known, (await people.shop(self._p, known.person.controller)).name, times[known.person.controller] > 1)
            for known in there
        ]
        return self._page(
            "overview.html", words.OVERVIEW, it, proof.here(), shops=shops, email=proof.email, notice=notice,
            account=await accounts.has_address(self._p, email=proof.email), kept=self._kept,
        )  # fmt: skip

    async def _at_shop(self, it: Asked, proof: _Proof, known: AtShop) -> Response:
        match it.one("do"):
            case "plan" if known.only_tests:
                return await self._planned(it, proof, known)
            case "erase" if known.only_tests:
                return await self._erased(it, proof, known)
            case "plan" | "erase":
                return await self._shown(it, proof, known, notice=words.ERASE_LIVE, status=403)
            case "ask":
                return await self._asked(it, proof, known)
            case "withdraw":
                done = await asking.withdrawn(self._p, known, it.one("request"))
                notice = case_words.DONE["withdrawn"] if done else case_words.GONE_ON
                return await self._shown(it, proof, known, notice=notice, status=200 if done else 409)
            case "copy" | "portable" | "pdf":
                return await self._taken(it, proof, known)
        return await self._shown(it, proof, known)

    async def _may_read(self, known: AtShop) -> bool:
        """Whether values are shown: of what was never live, and of what the shop let them see."""
        return known.only_tests or await requests.may_read(self._p, known.person)

    async def _shown(
        self, it: Asked, proof: _Proof, known: AtShop, *, notice: Words | None = None, status: int = 200,
        wrong: dict[str, Words] | None = None,
    ) -> Response:  # fmt: skip
        may_read = await self._may_read(known)
        found = await held(self._p, known.person, values=may_read)
        shop = await people.shop(self._p, known.person.controller)
        facts = {
            **told_of(found, shop, only_tests=known.only_tests, received=found.received), "notice": notice,
            **await asking.told_of_requests(self._p, known, found), "may_read": may_read, "wrong": wrong or {},
            "typed": it.fields,
        }  # fmt: skip
        here = proof.at(known)
        return self._page("shop.html", words.AT_SHOP, it, here, status=status, **facts)

    async def _everybody(self, proof: _Proof, known: AtShop) -> list[AtShop]:
        """`known`, and whoever else that shop knows by the address: they are asked about as one."""
        there = await people.known_at(self._p, company_id=known.person.controller, email=proof.email)
        return [known, *(each for each in there if each.person != known.person)]

    async def _asked(self, it: Asked, proof: _Proof, known: AtShop) -> Response:
        whom = [known] if it.one("kind") == Kind.RECTIFICATION.value else await self._everybody(proof, known)
        try:
            request, *_ = [await asking.asked(self._p, it, each, email=proof.email) for each in whom]
        except BadRequest as why:
            return await self._shown(it, proof, known, wrong={why.field: case_words.BAD[why.field]}, status=422)
        there = await people.known_at(self._p, company_id=known.person.controller, email=proof.email)
        again = next((each for each in there if each.person == known.person), None)
        if again is None:  # another address is theirs from now on
            return await self._overview(it, proof, notice=words.NOTHING_THERE)
        notice = words.DONE_NOW if request.state is State.DONE else words.RECEIVED
        return await self._shown(replace(it, fields={}), proof, again, notice=notice)

    async def _taken(self, it: Asked, proof: _Proof, known: AtShop) -> Response:
        if not await self._may_read(known):
            return await self._shown(it, proof, known, notice=words.NO_COPY, status=403)
        file = await asking.copied(self._p, known, it.one("do"), it)
        return await self._shown(it, proof, known) if file is None else taken(file.body, file.kind, file.name)

    async def _planned(self, it: Asked, proof: _Proof, known: AtShop) -> Response:
        plans = [plan_for_reading(await held(self._p, each.person)) for each in await self._everybody(proof, known)]
        plan = Plan(
            goes=tuple(line for each in plans for line in each.goes),
            stays=tuple(line for each in plans for line in each.stays),
        )
        here = proof.at(known)
        return self._page("plan.html", purchase_words.PLANNED, it, here, plan=plan, whole=words.WHOLE_SHOP)

    async def _erased(self, it: Asked, proof: _Proof, known: AtShop) -> Response:
        whom = await self._everybody(proof, known)
        waiting = [(await asking.erased(self._p, it, each, email=proof.email)).waits_for for each in whom]
        why = purchase_words.NOT_YET.get(next(filter(None, waiting), ""))
        return await self._shown(it, proof, known, notice=why, status=409 if why else 200)

    def _page(
        self, template: str, title: Words, it: Asked, here: Here, *, status: int = 200, **facts: Any
    ) -> Response:  # fmt: skip
        return self._paper.page(template, title, it, here, {"lw": words, **self._places, **facts}, status=status)
