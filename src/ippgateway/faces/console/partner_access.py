"""A company's leave for its partner to come in: given for a while, taken back at once, all of it on record."""

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import NoPartner
from ippgateway.faces.console import company_words as words
from ippgateway.faces.console.places import COMPANIES
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_DONE = {"allowed": words.ALLOWED_NOW, "withdrawn": words.WITHDRAWN_NOW}


async def shown(house: House, ask: Ask) -> Response:
    """How it stands, and how it was."""
    p, company_id = house.platform, ask.known.tenant_id
    company = await companies.read(p, company_id=company_id)
    allowed = await companies.partner_allowed(p, company_id=company_id)
    history = await companies.grant_history(p, company_id=company_id)
    users = await accounts.users(p, audience=ask.known.audience, tenant_id=company_id)
    names: dict[str, str | Words] = {user.user_id: user.name or user.email for user in users}
    names[company_id] = words.BY_KEY
    return house.page(
        ask, "partner_access.html", title=words.ACCESS, w=words, company=company, allowed=allowed, history=history,
        names=names, notice=_DONE.get(ask.query.get("done", "")),
    )  # fmt: skip


async def allow(house: House, ask: Ask) -> Response:
    """The partner may come in for so many days."""
    days = ask.form.get("days", "")
    if days not in map(str, words.DAYS):
        raise Refused(419)
    try:
        await companies.allow_partner(house.platform, company_id=ask.known.tenant_id, by=ask.known, days=int(days))
    except NoPartner:
        raise Refused(404) from None
    return house.see_other("/partner-access?done=allowed")


async def withdraw(house: House, ask: Ask) -> Response:
    """The partner is outside, and whoever is inside is out."""
    await companies.withdraw_partner(house.platform, company_id=ask.known.tenant_id, by=ask.known)
    return house.see_other("/partner-access?done=withdrawn")


_RIGHT = rights.USERS.key
ROUTES = (
    Route(path="/partner-access", name="partner access", get=shown, audiences=COMPANIES, right=_RIGHT),
    Route(path="/partner-access/allow", name="partner allow", post=allow, who=Who.STRONG, audiences=COMPANIES,
          right=_RIGHT),
    Route(path="/partner-access/withdraw", name="partner withdraw", post=withdraw, audiences=COMPANIES, right=_RIGHT),
)  # fmt: skip
