"""The first page of each console: what needs doing, how it goes, and for a new company how to begin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from ippgateway.core.money import Currency, Money
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import CompanyView
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import DayTotal, Wanted
from ippgateway.faces.console import leaving_words
from ippgateway.faces.console import overview_words as words
from ippgateway.faces.console.words import OVERVIEW
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.moments import HOME
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House, may
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy.vocabulary import Words

TEST_CARD = "4111 1111 1111 1111"
"""The public test number that every acquirer's sandbox approves."""
_DAYS = 30
_MOST_CURRENCIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Todo:
    """Something that waits for somebody, and where it is done."""

    path: str
    words: Words
    why: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """Thirty days in one currency: what the plot draws, and the sums."""

    currency: Currency
    points: tuple[tuple[date, int, str], ...]
    captured: Money
    refunded: Money
    approved: int
    declined: int


async def home(house: House, ask: Ask) -> Response:
    """Whoever signs in begins here."""
    match ask.audience:
        case Audience.COMPANY:
            return await _company(house, ask)
        case Audience.PARTNER:
            return house.page(
                ask, "home_partner.html", title=OVERVIEW, w=words, title_words=OVERVIEW, leave=leaving_words,
                may_leave=may(ask.known, rights.ALL),
            )  # fmt: skip
    return house.page(ask, "home_public.html", title=OVERVIEW, w=words, title_words=OVERVIEW)


async def _company(house: House, ask: Ask) -> Response:
    p, company_id = house.platform, ask.known.tenant_id
    company = await companies.read(p, company_id=company_id)
    sees = may(ask.known, rights.PAYMENTS.key)
    begun = sees and bool((await payments.browse(p, company_id=company_id, wanted=Wanted(), count=1)).rows)
    beginning = sees and not begun and not company.live and ask.known.guest_of is None
    return house.page(
        ask, "home.html", title=OVERVIEW, w=words, company=company, sees=sees, todo=await _todo(house, ask, company),
        months=await _months(house, ask, company) if begun else (), beginning=beginning,
        shows_keys=may(ask.known, rights.KEYS.key), test_card=TEST_CARD, api_url=house.api_url,
        checked_at=p.clock.now(), days=_DAYS,
    )  # fmt: skip


async def _todo(house: House, ask: Ask, company: CompanyView) -> tuple[Todo, ...]:
    found = []
    if not ask.known.second_factor and ask.known.guest_of is None:
        found.append(Todo(path="/account/security", words=words.FACTOR, why=words.FACTOR_WHY))
    may_let_in = may(ask.known, rights.USERS.key) and company.partner_id is not None
    if may_let_in and await companies.partner_allowed(house.platform, company_id=company.id) is not None:
        found.append(Todo(path="/partner-access", words=words.PARTNER_IN, why=words.PARTNER_IN_WHY))
    if may(ask.known, rights.PAYMENTS.key):
        found += await _about_payments(house, company.id)
    return tuple(found)


async def _about_payments(house: House, company_id: str) -> Iterable[Todo]:
    seen = await payments.attention(house.platform, company_id=company_id)
    told = (
        (seen.without_outcome, "/payments?status=WAIT", words.WAITING, words.WAITING_WHY),
        (seen.held, "/payments?status=NEW", words.HELD, words.HELD_WHY),
        (seen.untold, "/payments", words.UNTOLD, words.UNTOLD_WHY),
    )
    return [Todo(path=path, words=words.counted(number, *noun), why=why) for number, path, noun, why in told if number]


async def _months(house: House, ask: Ask, company: CompanyView) -> tuple[Month, ...]:
    """The last thirty days, in the currencies that took the most payments."""
    today = house.platform.clock.now().astimezone(HOME).date()
    days = [today - timedelta(days=_DAYS - 1 - number) for number in range(_DAYS)]
    totals = await payments.totals(
        house.platform, company_id=company.id, since=datetime.combine(days[0], time(), tzinfo=HOME), zone=HOME,
        test=not company.live,
    )  # fmt: skip
    months = [_month(ask, days, of) for of in _by_currency(totals).values()]
    return tuple(sorted(months, key=lambda month: -month.approved)[:_MOST_CURRENCIES])


def _by_currency(totals: Iterable[DayTotal]) -> dict[str, list[DayTotal]]:
    found: dict[str, list[DayTotal]] = {}
    for each in totals:
        found.setdefault(each.captured.currency.code, []).append(each)
    return found


def _month(ask: Ask, days: list[date], totals: list[DayTotal]) -> Month:
    currency, by_day = totals[0].captured.currency, {each.day: each for each in totals}
    nothing = Money(0, currency)
    captured = [(day, by_day[day].captured if day in by_day else nothing) for day in days]
    return Month(
        currency=currency,
        points=tuple((day, sum_.amount_minor, readable(sum_, ask.language)) for day, sum_ in captured),
        captured=Money(sum(each.captured.amount_minor for each in totals), currency),
        refunded=Money(sum(each.refunded.amount_minor for each in totals), currency),
        approved=sum(each.approved for each in totals), declined=sum(each.declined for each in totals),
    )  # fmt: skip


ROUTES = (Route(path="/", name="home", get=home),)
