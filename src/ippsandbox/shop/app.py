"""The shop as a web application: shelf, till, receipt, and the address for notifications."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from ippsandbox.process import log
from ippsandbox.shop import words
from ippsandbox.shop.orders import Notice, Order, Orders
from ippsandbox.shop.pages import LANGUAGES, Pages, policy, preferred
from ippsandbox.shop.provider import Outcome, Provider, ProviderAway, ProviderRefused
from ippsandbox.shop.things import THINGS, Said, Thing

LARGEST_FORM = 8_192
MOST_LOOKS = 30

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}", re.ASCII)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where the shop is: for a browser, and for the Platform's call. No slash at the end."""

    browser: str
    server: str


class _Absent(Exception):
    """A page that says why there is nothing here. `title` and `more` are words of ours."""

    def __init__(self, status: int, title: Said, more: Said) -> None:
        super().__init__(status)
        self.status, self.title, self.more = status, title, more


class Shop:
    """All that a request needs. `addresses` is asked late, because port 0 takes a free one."""

    def __init__(
        self, provider: Provider, orders: Orders, *, addresses: Callable[[], Addresses], now: Callable[[], datetime]
    ) -> None:
        self._provider = provider
        self._orders = orders
        self._addresses = addresses
        self._now = now
        self._pages = Pages()

    def routes(self) -> list[web.RouteDef]:
        """Every address of the shop."""
        language = "/{language:" + "|".join(LANGUAGES) + "}"
        return [
            web.get("/", self.shelf),
            web.get(language, self.shelf),
            web.get(language + "/buy/{thing}", self.till),
            web.post(language + "/buy/{thing}", self.buy),
            web.get(language + "/here", self.here),
            web.get(language + "/receipt", self.receipt),
            web.get("/ipn", self.notified),
            web.get("/static/{name}", self.file),
            web.get("/health", self.health),
        ]

    async def shelf(self, request: web.Request) -> web.Response:
        """What there is to buy."""
        return self._pages.answer("shelf.html", _language(request), path="")

    async def till(self, request: web.Request) -> web.Response:
        """One thing, the two ways to pay, and the test cards. Nothing is ordered yet."""
        return self._till(request, _thing(request))

    async def buy(self, request: web.Request) -> web.Response:
        """Order it: ask for a checkout, and send the buyer to where it is paid."""
        thing, form = _thing(request), await request.post()
        email = str(form.get("email", "")).strip()
        if email and not _EMAIL.fullmatch(email):
            return self._till(request, thing, email=email[:254], wrong=True, status=422)
        order = self._orders.draft(thing, _language(request))
        checkout = order.checkout = await self._provider.checkout(self._asked(order, email))
        self._orders.keep(order)
        if form.get("way") == "here":
            raise web.HTTPSeeOther(f"/{order.language}/here?{urlencode({'order': order.token})}")
        raise web.HTTPSeeOther(checkout.url)

    async def here(self, request: web.Request) -> web.Response:
        """The Platform's card fields in a page of the shop."""
        order = self._order(request)
        if order.paid:
            raise _Absent(409, words.PAID_ALREADY, words.PAID_ALREADY_MORE)
        terms = self._provider.terms()
        return self._pages.answer(
            "here.html", _language(request), path=f"/here?{urlencode({'order': order.token})}",
            csp=policy(pay_url=terms.pay_url, widget=True), order=order, thing=order.thing, pay_url=terms.pay_url,
        )  # fmt: skip

    async def receipt(self, request: web.Request) -> web.Response:
        """Where the buyer comes back to. The address is no proof: the shop asks how the transaction ended."""
        order, (transaction_id, key) = self._order(request), _named(request)
        outcome = await self._outcome(order, transaction_id, key)
        terms = self._provider.terms()
        named = {"transaction_id": transaction_id, "transaction_key": key}
        looks = _looks(request)
        notice = order.notice_of(transaction_id)
        back = {"order": order.token, **named}
        return self._pages.answer(
            "receipt.html", _language(request), path=f"/receipt?{urlencode(back)}", order=order, outcome=outcome,
            transaction_id=transaction_id, at=self._now(), console_url=terms.console_url,
            held_url=f"{terms.pay_url}/pay/mine?{urlencode(named)}",
            waiting=(notice is None or outcome.result == "WAIT") and looks < MOST_LOOKS,
            again=f"?{urlencode({**back, 'look': looks + 1})}", notice=notice,
        )  # fmt: skip

    async def notified(self, request: web.Request) -> web.Response:
        """The Platform's call (8.7). It proves nothing either: the shop asks, and notes outcome and time."""
        order, (transaction_id, key) = self._order(request), _named(request)
        outcome = await self._outcome(order, transaction_id, key)
        order.note(Notice(transaction_id=transaction_id, result=outcome.result, at=self._now()))
        return web.Response(text="noted")

    async def file(self, request: web.Request) -> web.Response:
        """Style sheet, script, mark."""
        return self._pages.file(request.match_info["name"])

    async def health(self, _: web.Request) -> web.Response:
        """That it runs."""
        return web.json_response({"status": "ok"})

    @web.middleware
    async def honest(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Whatever goes wrong ends in a page that says what happened and what did not."""
        try:
            return await handler(request)
        except _Absent as absent:
            why = absent
        except ProviderAway:
            why = _Absent(503, words.AWAY, _before_or_after(request))
        except ProviderRefused:
            why = _Absent(502, words.REFUSED, words.REFUSED_MORE)
        except web.HTTPException as answer:
            if answer.status < 400:
                answer.headers["Referrer-Policy"] = "no-referrer"
                raise
            why = _Absent(answer.status, words.MISSING, words.MISSING_MORE)
        except Exception as error:
            # Python's own report would quote what it was given; the kind is enough to look for it.
            log.error("internal error kind=%s", type(error).__name__)
            why = _Absent(500, words.BROKEN, words.BROKEN_MORE)
        return self._pages.answer(
            "told.html", _language(request), path="", status=why.status, title=why.title, more=why.more
        )

    def _till(
        self, request: web.Request, thing: Thing, *, email: str = "", wrong: bool = False, status: int = 200
    ) -> web.Response:
        csp = policy(pay_url=self._provider.terms().pay_url)
        return self._pages.answer(
            "till.html", _language(request), path=f"/buy/{thing.slug}", status=status, csp=csp, thing=thing,
            email=email, wrong=wrong,
        )  # fmt: skip

    def _asked(self, order: Order, email: str) -> dict[str, str]:
        """What a shop tells of an order (8.1). `test`: the Platform may treat all of it as a trial."""
        where, named = self._addresses(), urlencode({"order": order.token})
        asked = {
            "currency": "DKK", "amount": str(order.thing.price_minor), "order_id": order.number,
            "transaction_type": "ECOM", "test": "true", "origin": where.browser, "ipn": f"{where.server}/ipn?{named}",
            "accepturl": f"{where.browser}/{order.language}/receipt?{named}",
        }  # fmt: skip
        return asked | ({"billing[email]": email} if email else {})

    def _order(self, request: web.Request) -> Order:
        order = self._orders.find(request.query.get("order", ""))
        if order is None:
            raise _Absent(404, words.UNKNOWN, words.UNKNOWN_MORE)
        return order

    async def _outcome(self, order: Order, transaction_id: str, key: str) -> Outcome:
        """Ask how a transaction ended, and whether it is one of this order and of its whole price."""
        try:
            outcome = await self._provider.outcome(transaction_id, key)
        except ProviderRefused:
            raise _Absent(404, words.FORGED, words.FORGED_MORE) from None
        if (outcome.order_number, outcome.amount_minor) != (order.number, order.thing.price_minor):
            raise _Absent(404, words.FORGED, words.FORGED_MORE)
        order.paid = order.paid or outcome.result == "ACK"
        return outcome


def _language(request: web.Request) -> str:
    return request.match_info.get("language") or preferred(request.headers.get("Accept-Language", ""))


def _thing(request: web.Request) -> Thing:
    thing = THINGS.get(request.match_info["thing"])
    if thing is None:
        raise web.HTTPNotFound
    return thing


def _named(request: web.Request) -> tuple[str, str]:
    return request.query.get("transaction_id", ""), request.query.get("transaction_key", "")


def _looks(request: web.Request) -> int:
    """How often the receipt has loaded itself again."""
    text = request.query.get("look", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else MOST_LOOKS


def _before_or_after(request: web.Request) -> Said:
    return words.AWAY_AFTER if request.query.get("transaction_id") else words.AWAY_BEFORE
