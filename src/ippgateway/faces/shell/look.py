"""The look's own page: every component in every state, for whoever builds pages and whoever checks them. It knows
nothing of anybody, and keeps nothing."""

from datetime import date, datetime, timedelta

from starlette.responses import Response

from ippgateway.core.money import Money, currency
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.language import Language
from ippgateway.faces.shell import look_words as w
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House, Place
from ippgateway.faces.shell.routes import Route, Who

_DAYS = 30
_COLOURS = ("paper", "surface", "wash", "line", "edge", "ink", "ink-soft", "accent", "amber", "red")
_PLACES = (
    (Place(path="/look", label=w.OVERVIEW), True),
    (Place(path="/look#list", label=w.PAYMENTS), False),
    (Place(path="/look#forms", label=w.KEYS), False),
)


async def look(house: House, ask: Ask) -> Response:
    """All components. A form that is sent here is read and forgotten."""
    now = house.platform.clock.now()
    return house.page(
        ask, "look.html", title=w.TITLE, w=w, colours=_COLOURS, example=_PLACES, rows=_rows(now),
        points=_points(now, ask.language), sum=_kroner(1_284_350_00),
        notice=w.SENT if ask.method == "POST" else None, tone="info",
    )  # fmt: skip


async def confirm(house: House, ask: Ask) -> Response:
    """How something is confirmed."""
    return house.page(ask, "look_confirm.html", title=w.CONFIRM, w=w, sum=_kroner(1_249_50))


LOOK = (
    Route(path="/look", name="look", get=look, post=look, who=Who.ANYONE),
    Route(path="/look/confirm", name="look_confirm", get=confirm, who=Who.ANYONE),
)


def _kroner(amount_minor: int) -> Money:
    return Money(amount_minor, currency("DKK"))


def _rows(now: datetime) -> list[dict[str, object]]:
    """Payments of a shop that does not exist."""
    told = zip(
        ("A-1041", "A-1040", "A-1039", "A-1038"), (1_249_50, 89_00, 12_400_00, 349_95), w.ROW_STATES, strict=True
    )
    return [
        {"order": order, "amount": _kroner(amount), "state": words, "tone": tone, "at": now - timedelta(hours=3 * n)}
        for n, (order, amount, (words, tone)) in enumerate(told)
    ]


def _points(now: datetime, language: Language) -> list[tuple[date, int, str]]:
    """What that shop sold in thirty days: less at the beginning of a week, nothing on three days."""
    days = [(now - timedelta(days=back)).date() for back in reversed(range(_DAYS))]
    sold = [
        0 if n % 11 == 6 else 18_000_00 + 7_919_00 * (n * n % 7) - 9_000_00 * (n % 7 in (1, 2)) for n in range(_DAYS)
    ]
    return [(day, amount, readable(_kroner(amount), language)) for day, amount in zip(days, sold, strict=True)]
