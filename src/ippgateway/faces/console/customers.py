"""A partner's customers: found, added, and entered by their leave."""

from starlette.responses import Response

from ippgateway.core.ids import is_id
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, NotGranted, NotStrong
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.schemas import CustomerPage, CustomerRow
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.errors import BadAccount
from ippgateway.faces.console import customer_words as words
from ippgateway.faces.console.places import COMPANIES, PARTNERS
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_ON_A_PAGE = 50
_AT_ONCE = 200
_LOOKED_THROUGH = 2_000
_LONGEST_SEARCH = 100


async def listed(house: House, ask: Ask) -> Response:
    """The list, newest first. The address says what is shown: `q`, and `before`, the cursor."""
    text, before = ask.query.get("q", "").strip()[:_LONGEST_SEARCH], ask.query.get("before")
    if before is not None and not is_id(before):
        raise Refused(404)
    page, further = await _search(house, ask, text, before)
    return house.page(
        ask, "customers.html", title=words.CUSTOMERS, w=words, page=page, first=before is None, text=text,
        further=further,
    )  # fmt: skip


async def _search(house: House, ask: Ask, text: str, before: str | None) -> tuple[CustomerPage, bool]:
    """A page of what fits, and whether it was cut short: names are sealed, so they are opened one by one."""
    p, partner_id = house.platform, ask.known.tenant_id
    if not text:
        return await companies.customers(p, partner_id=partner_id, before=before, count=_ON_A_PAGE), False
    if is_id(text):
        return CustomerPage(rows=await _by_id(house, ask, text), after=None), False
    found: list[CustomerRow] = []
    for _ in range(_LOOKED_THROUGH // _AT_ONCE):
        page = await companies.customers(p, partner_id=partner_id, before=before, count=_AT_ONCE)
        found += [row for row in page.rows if text.casefold() in row.name.casefold()]
        before = page.after
        if before is None or len(found) >= _ON_A_PAGE:
            break
    return CustomerPage(rows=tuple(found), after=before), before is not None and len(found) < _ON_A_PAGE


async def _by_id(house: House, ask: Ask, company_id: str) -> tuple[CustomerRow, ...]:
    try:
        return (await companies.customer(house.platform, partner_id=ask.known.tenant_id, company_id=company_id),)
    except CompanyNotFound:
        return ()


async def shown(house: House, ask: Ask) -> Response:
    """One customer, and whether it lets the partner in."""
    return _customer(house, ask, await _found(house, ask))


def _customer(house: House, ask: Ask, row: CustomerRow, *, problem: Words | None = None, status: int = 200) -> Response:
    return house.page(
        ask, "customer.html", title=row.name, w=words, row=row, problem=problem, status=status,
        notice=words.ADDED if ask.query.get("done") == "added" else None,
    )  # fmt: skip


async def _found(house: House, ask: Ask) -> CustomerRow:
    rows = await _by_id(house, ask, ask.path["company_id"]) if is_id(ask.path["company_id"]) else ()
    if not rows:
        raise Refused(404)
    return rows[0]


async def drafting(house: House, ask: Ask) -> Response:
    """The form for a new one."""
    return _form(house, ask)


async def added(house: House, ask: Ask) -> Response:
    """A customer with a sandbox, and a letter to its first user."""
    form = ask.form
    try:
        company_id = await partners.invite_customer(
            house.platform, by=ask.known, name=form.get("company_name", ""), contact_name=form.get("name", ""),
            email=form.get("email", ""),
        )  # fmt: skip
    except (BadAccount, BadProfile) as why:
        return _form(house, ask, why.field)
    return house.see_other(f"/customers/{company_id}?done=added")


def _form(house: House, ask: Ask, wrong: str = "") -> Response:
    return house.page(
        ask, "customer_new.html", title=words.NEW, w=words, typed=ask.form, status=422 if wrong else 200,
        wrong={wrong: words.BAD.get(wrong, words.BAD["name"])} if wrong else {},
    )  # fmt: skip


async def entered(house: House, ask: Ask) -> Response:
    """Inside the customer's account, as its guest, for as long as it lets the partner in."""
    row = await _found(house, ask)
    try:
        inside = await accounts.enter(
            house.platform, ask.known, company_id=row.id, arrival=ask.arrival, wire=False
        )  # fmt: skip
    except (NotGranted, NotStrong):
        return _customer(house, ask, row, problem=words.NOT_LET_IN, status=403)
    return house.let_in(inside, "/")


async def left(house: House, ask: Ask) -> Response:
    """Out of a customer's account, and back among the customers. Whoever is at home stays where they are."""
    company_id = ask.known.tenant_id
    try:
        return house.let_in(await accounts.leave(house.platform, ask.known), f"/customers/{company_id}")
    except NotGranted:
        return house.see_other("/")


_RIGHT = rights.CUSTOMERS.key
ROUTES = (
    Route(path="/customers", name="customers", get=listed, audiences=PARTNERS, right=_RIGHT),
    Route(path="/customers/new", name="customer new", get=drafting, post=added, who=Who.STRONG, audiences=PARTNERS,
          right=_RIGHT),
    Route(path="/customers/{company_id}", name="customer", get=shown, audiences=PARTNERS, right=_RIGHT),
    Route(path="/customers/{company_id}/enter", name="customer enter", post=entered, who=Who.STRONG,
          audiences=PARTNERS, right=_RIGHT),
    Route(path="/leave", name="leave", post=left, audiences=COMPANIES),
)  # fmt: skip
