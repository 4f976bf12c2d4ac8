"""A company's payments: newest first, filtered and searched in the address, a page at a time."""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Wanted
from ippgateway.faces.console import payment_words as words
from ippgateway.faces.console.payment import status_words
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import HOME, told_in
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route
from ippgateway.privacy.vocabulary import Words

_LONGEST_SEARCH = 100
_FILTERS = ("q", "status", "from", "to")


async def listed(house: House, ask: Ask) -> Response:
    """The list. The address says what is shown: `q`, `status`, `from`, `to`, and `before`, the list's cursor."""
    since, until, problem = _dates(ask)
    wanted = Wanted(
        text=ask.query.get("q", "").strip()[:_LONGEST_SEARCH], status=ask.query.get("status") or None, since=since,
        until=until,
    )  # fmt: skip
    page = await payments.browse(
        house.platform, company_id=ask.known.tenant_id, wanted=wanted, before=ask.query.get("before")
    )
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    return house.page(
        ask, "payments.html", title=words.PAYMENTS, w=words, page=page, status_words=status_words, problem=problem,
        given=any(ask.query.get(name) for name in _FILTERS), first="before" not in ask.query,
        live=company.live,
        options=[("", words.ANY), *((key, each) for key, (each, _) in words.STATUSES.items())],
        looked_back=_looked_back(page.looked_back_to) if page.looked_back_to else None,
    )  # fmt: skip


def _dates(ask: Ask) -> tuple[datetime | None, datetime | None, Words | None]:
    """The days asked for as moments, the last one included; and what is wrong when one is no day."""
    try:
        first, last = (_day(ask.query.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return None, None, words.BAD_DATE
    return _begins(first), _begins(last + timedelta(days=1)) if last else None, None


def _day(text: str) -> date | None:
    """Raises ValueError. The very last days there are have no day after them, and no payment."""
    day = date.fromisoformat(text) if text else None
    if day is not None and not 2000 <= day.year <= 2999:
        raise ValueError("not of our time")
    return day


def _begins(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=HOME) if day else None


def _looked_back(at: datetime) -> Words:
    return words.looked_back(told_in(Language.EN).moment(at), told_in(Language.DA).moment(at))


ROUTES = (
    Route(
        path="/payments", name="payments", get=listed, audiences=frozenset({Audience.COMPANY}),
        right=rights.PAYMENTS.key,
    ),
)  # fmt: skip
