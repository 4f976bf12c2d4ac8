"""The hosted payment page (wire contract 10.5): a plain form that posts to itself, which a script helps along.

What a payer sees follows from the database alone, so reload, the back button and a second tab show how it stands. Every
form is good for one attempt: it names the attempt that it came after, and one that comes late is shown what happened
since. A post is answered with a redirection to the page itself.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import BadCard, TooManyDeclines
from ippgateway.domains.payments.schemas import Browser, CardEntry, Presented, Progress, Result
from ippgateway.domains.payments.service import Gateway
from ippgateway.domains.visits.schemas import visitor_of
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.press import Sheet
from ippgateway.faces.pay import words
from ippgateway.faces.pay.asked import (
    THEMES,
    Asked,
    TooLarge,
    asked,
    front_of,
    read_form,
    same_site,
    web_address,
    with_transaction,
)
from ippgateway.faces.pay.card import Envelope, Faults, read
from ippgateway.faces.pay.files import Files, page_headers, spoken
from ippgateway.privacy.vocabulary import Words

_log = Log("payers")

_FIELDS = {"holder": "holder", "cardno": "number", "expmonth": "expiry", "expyear": "expiry", "cvv": "code"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})?", re.ASCII)
_LONGEST_HEADER = 2_048
_PATIENCE_S, _PAUSE_S = 6.0, 0.3

_GONE = Sheet(template="closed.html", title=Words(en="There is no such payment", da="Den betaling findes ikke"),
              facts={"closed": "absent"})  # fmt: skip
_BROKEN = Sheet(template="closed.html", title=Words(en="Something went wrong", da="Noget gik galt"),
                facts={"closed": "broken"})  # fmt: skip
_TITLES = {
    Progress.OPEN: Words(en="Pay", da="Betal"),
    Progress.PAID: Words(en="Paid", da="Betalt"),
    Progress.UNDER_WAY: Words(en="Waiting for the bank", da="Venter på banken"),
    Progress.EXPIRED: Words(en="The time to pay is over", da="Tiden til at betale er gået"),
    Progress.TOO_MANY_DECLINES: Words(en="Too many declined cards", da="For mange afviste kort"),
}
_STATUS = {Progress.EXPIRED: 410, Progress.TOO_MANY_DECLINES: 429}


class Page:
    """The ASGI application. `pay_url`: our own origin, where challenges are framed from."""

    def __init__(self, gateway: Gateway, files: Files, pay_url: str) -> None:
        self._g = gateway
        self._files = files
        self._headers = page_headers(pay_url)
        self._envelope = Envelope(gateway.platform.clock, gateway.platform.ids.randomness)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        told = asked(scope)
        try:
            response = await self._answer(told, scope, receive)
        except (CheckoutNotFound, CompanyNotFound):
            response = self._print(told, _GONE, 404)
        except TooLarge:
            response = self._print(told, _BROKEN, 413)
        except Exception as error:
            reference = self._g.platform.ids.new()
            _log.error("page.unforeseen", error=error, reference=reference)
            response = self._print(told, _BROKEN, 500, reference=reference)
        await response(scope, receive, send)

    async def _answer(self, told: Asked, scope: Scope, receive: Receive) -> Response:
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return self._print(told, _BROKEN, 405)
        if not told.checkout_id or not told.cryptogram:
            raise CheckoutNotFound
        checkout = await self._find(told)
        visitor = visitor_of(scope)
        visitor.pays(checkout)
        if scope["method"] == "POST":
            return await self._posted(told, checkout, _browser(scope), await read_form(scope, receive))
        shown = await payments.present(self._g, checkout)
        if shown.progress is Progress.PAID:
            visitor.page = "receipt"
        return self._show(told, shown)

    async def _find(self, told: Asked) -> CheckoutRef:
        return await checkouts.find(
            self._g.platform, checkout_id=told.checkout_id, cryptogram=told.cryptogram, expired_too=True
        )

    # --- the plain form, without script ---

    async def _posted(self, told: Asked, checkout: CheckoutRef, browser: Browser, form: Mapping[str, str]) -> Response:
        async with self._g.one_at_a_time(checkout.company_id, checkout.id):
            shown = await payments.present(self._g, checkout)
            if shown.progress is not Progress.OPEN or form.get("after", "") != _after(shown):
                return self._see(told)
            try:
                return await self._try(told, checkout, browser, form, shown)
            except Faults as faults:
                return self._form(told, shown, faults=faults.of, form=form, status=422)
            except BadCard as bad:
                return self._form(told, shown, faults={_FIELDS[bad.field]: _FIELDS[bad.field]}, form=form, status=422)
            except TooManyDeclines:
                return self._closed(told, shown, Progress.TOO_MANY_DECLINES)

    async def _try(
        self, told: Asked, checkout: CheckoutRef, browser: Browser, form: Mapping[str, str], shown: Presented
    ) -> Response:
        if "sealed" in form:
            card = self._envelope.open(checkout, form["sealed"])
            if card is None:
                return self._form(told, shown, again=True)
            if not await self._confirmed(told):
                return self._confirm(told, shown, form.get("challenge", ""), form["sealed"], waited=True)
        else:
            card = read(form, self._g.platform.clock.now())
            if form.get("policy") == self._files.policy.version:
                await checkouts.agree(self._g.platform, checkout, version=self._files.policy.version)
            step = await payments.secure(self._g, checkout=checkout, card=card, browser=browser)
            if not step.done and step.challenge_url:
                return self._confirm(told, shown, step.challenge_url, self._envelope.seal(checkout, card))
        await self._authorise(checkout, card, browser)
        return self._see(told, done=True)

    async def _authorise(self, checkout: CheckoutRef, card: CardEntry, browser: Browser) -> None:
        await payments.authorise(self._g, checkout=checkout, card=card, browser=browser)

    async def _confirmed(self, told: Asked) -> bool:
        """Whether the 3-D Secure step has ended. The bank's report may come a moment after the payer's own word."""
        clock = self._g.platform.clock
        end = clock.now().timestamp() + _PATIENCE_S
        while not await payments.step_ended(self._g.platform, checkout=await self._find(told)):
            if clock.now().timestamp() > end:
                return False
            await clock.sleep(_PAUSE_S)
        return True

    # --- what there is to see ---

    def _see(self, told: Asked, *, done: bool = False) -> Response:
        return Response(status_code=303, headers={**self._headers, "location": "/" + told.query(done=done)})

    def _show(self, told: Asked, shown: Presented) -> Response:
        match shown.progress:
            case Progress.OPEN:
                return self._form(told, shown)
            case Progress.PAID:
                return self._sheet(told, shown, "paid.html", forward=told.done and _back(told, shown).shops)
            case Progress.UNDER_WAY:
                return self._sheet(told, shown, "waiting.html")
        return self._closed(told, shown, shown.progress)

    def _closed(self, told: Asked, shown: Presented, why: Progress) -> Response:
        return self._sheet(told, shown, "closed.html", progress=why, status=_STATUS[why], closed=why.value)

    def _form(
        self, told: Asked, shown: Presented, *, faults: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None, again: bool = False, status: int = 200,
    ) -> Response:  # fmt: skip
        """The card form. Of what was typed, name and date come back; a number or code never does."""
        typed = {name: (form or {}).get(name, "")[:100] for name in ("holder", "expiry")}
        declined = shown.latest if shown.latest and not faults and not again else None
        reason = words.REASONS.get(declined.reason, words.REASONS[""]) if declined else None
        return self._sheet(
            told, shown, "card.html", status=status, faults=faults or {}, typed=typed, again=again, reason=reason,
            after=_after(shown),
        )  # fmt: skip

    def _confirm(self, told: Asked, shown: Presented, url: str, sealed: str, *, waited: bool = False) -> Response:
        url = url if web_address(url) else ""
        return self._sheet(
            told, shown, "confirm.html", challenge=url, sealed=sealed, waited=waited, after=_after(shown)
        )

    def _sheet(
        self, told: Asked, shown: Presented, template: str, *, status: int = 200, progress: Progress | None = None,
        **facts: Any,
    ) -> Response:  # fmt: skip
        back = _back(told, shown)
        latest = shown.latest
        back_paid = back.address
        if latest and back.shops and latest.result is Result.ACK:
            back_paid = with_transaction(back.address, latest.payment_id, latest.payment_key.open())
        sheet = Sheet(
            template=template, title=_TITLES[progress or shown.progress],
            facts={
                "shown": shown, "amount": readable(shown.amount, told.language), "back_paid": back_paid,
                "back": back.address if back.shops else "", "front": front_of(back.address), "back_to": back.name,
                **facts,
            },
        )  # fmt: skip
        return self._print(told, sheet, status, theme=told.theme or (shown.theme if shown.theme in THEMES else ""))

    def _print(self, told: Asked, sheet: Sheet, status: int, *, theme: str = "", reference: str = "") -> Response:
        facts = {
            "shown": None, "front": "", **self._files.facts(told.language), **sheet.facts, "told": told, "theme": theme,
            "reference": reference, "switch": lambda language: "/" + told.query(chosen=language, done=False),
        }  # fmt: skip
        page = self._files.press.one(Sheet(template=sheet.template, title=sheet.title, facts=facts), told.language)
        headers = {**self._headers, **spoken(told.language), "content-type": page.kind}
        return Response(page.body, status_code=status, headers=headers)


def _after(shown: Presented) -> str:
    """Which attempt a form comes after."""
    return shown.latest.payment_id if shown.latest else ""


class _Back(NamedTuple):
    """Where the payer goes afterwards. `shops`: this is the shop's own; only then does the payer go there without a
    press of a button, with the key of the transaction, and is it called by the shop's name."""

    address: str
    name: str
    shops: bool


def _back(told: Asked, shown: Presented) -> _Back:
    """The page's own `action`, else the checkout's address (R-64). Anybody can make a link with an `action`, so one
    that is not of the shop that made the checkout is called by its host and learns nothing."""
    if not told.action:
        address = web_address(shown.accept_url)
        return _Back(address, shown.shop, bool(address))
    if same_site(told.action, shown.accept_url, shown.origin):
        return _Back(told.action, shown.shop, True)
    return _Back(told.action, front_of(told.action).split("/")[2], False)


def _browser(scope: Scope) -> Browser:
    """What 3-D Secure is told of a browser that runs no script."""
    headers, client = Headers(scope=scope), scope.get("client")
    language = _LANGUAGE.match(headers.get("accept-language", ""))
    return Browser(
        user_agent=Secret(headers.get("user-agent", "")[:_LONGEST_HEADER]),
        accept=Secret(headers.get("accept", "")[:_LONGEST_HEADER]), language=language[0] if language else "",
        ip=Secret(client[0] if client else ""),
    )  # fmt: skip
