"""Signing up: a company, partner or reseller with its first user, or a member of the public, in one flow.

Whoever signs up is a new tenant, so nobody learns from it whether an address is in use elsewhere. The address is a
claim until it is verified.
"""

from ippgateway.core.database import Tx
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience, Happened, SignedIn
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.knowing import known, note, tell
from ippgateway.domains.accounts.service.links import link_to
from ippgateway.domains.accounts.service.managing import recorded
from ippgateway.domains.accounts.service.passwords import Rule, hash_password, require_good
from ippgateway.domains.accounts.service.users import insert as insert_user
from ippgateway.domains.accounts.service.users import require_profile
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import Meta
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How, What
from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.partners.errors import BadAccount
from ippgateway.domains.partners.schemas import AccountKind, NewAccount, PartnerKind
from ippgateway.domains.partners.service import data
from ippgateway.domains.partners.service.countries import BY_ALPHA2
from ippgateway.domains.partners.service.numbers import Checked, check_number
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.papers.versions import TERMS
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_LONGEST_NAME = 200
_AUDIENCES = {
    AccountKind.COMPANY: Audience.COMPANY,
    AccountKind.PARTNER: Audience.PARTNER,
    AccountKind.RESELLER: Audience.PARTNER,
    AccountKind.PUBLIC: Audience.PUBLIC,
}
_New = companies.NewCompany | data.NewPartner | None


async def sign_up(p: Platform, breaches: Breaches, new: NewAccount) -> tuple[SignedIn, str]:
    """Make the account and sign its first user in; the session, and the tenant's id. A company begins in the sandbox,
    with keys, at once (START-1).

    Raises BadAccount, BadProfile (what was typed can't be), WeakPassword, TooManyFailures (the network's share).
    """
    checked = _checked(new)
    require_profile(email=new.email, name=new.name, language=new.language)
    await require_good(breaches, new.password, rule=Rule.BROWSER, about=(new.email, new.name, new.company_name))
    await accounts.sign_up_allowed(p, new.arrival)
    await _require_partner(p, new.partner_id)
    tenant = _tenant(p, new, checked)
    audience, tenant_id = _AUDIENCES[new.kind], p.ids.new() if tenant is None else tenant.id
    user_id = await _make(p, new, tenant, tenant_id)
    signed_in = await accounts.open_session(
        p, audience=audience, tenant_id=tenant_id, user_id=user_id, arrival=new.arrival
    )
    return signed_in, tenant_id


def _checked(new: NewAccount) -> Checked | None:
    """The company's number. None of a member of the public, who has none. Raises BadAccount."""
    if new.kind is AccountKind.PUBLIC:
        return None
    if not 0 < len(new.company_name.strip()) <= _LONGEST_NAME or not new.company_name.isprintable():
        raise BadAccount("company_name")
    if new.country not in BY_ALPHA2:
        raise BadAccount("country")
    return check_number(new.country, new.number)


async def _require_partner(p: Platform, partner_id: str | None) -> None:
    if partner_id is None:
        return
    async with p.db.begin(AUTHENTICATE) as tx:
        if await tx.value("select status from ipp.partner where id = $1", partner_id) != "active":
            raise BadAccount("partner")


def _tenant(p: Platform, new: NewAccount, checked: Checked | None) -> _New:
    if checked is None:
        return None
    name = new.company_name.strip()
    if new.kind is AccountKind.COMPANY:
        details: Meta = {
            "company": {"reg_id": checked.number, "vat": checked.vat},
            "address": {"country": BY_ALPHA2[new.country].alpha3},
        }
        return companies.sandbox_company(p, partner_id=new.partner_id or PLATFORM, name=name, details=details)
    return data.new_partner(
        p, kind=PartnerKind(new.kind.value), name=name, country_id=BY_ALPHA2[new.country].alpha3,
        details={"reg_id": checked.number, "vat": checked.vat},
    )  # fmt: skip


async def _make(p: Platform, new: NewAccount, tenant: _New, tenant_id: str) -> str:
    """The tenant and its first user, with the letters that welcome them, all or nothing; the user's id."""
    first = accounts.NewUser(
        audience=_AUDIENCES[new.kind], tenant_id=tenant_id, email=new.email, name=new.name, password=new.password,
        language=new.language,
    )  # fmt: skip
    hashed = await hash_password(new.password)
    theirs = await companies.holder(p) if tenant is not None else None
    box = await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())
    async with p.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        if theirs is not None:
            await _insert(tx, p, tenant, theirs)
        # A member of the public is a tenant by the id of their user.
        user_id = await insert_user(tx, p, first, box, hashed, user_id=tenant_id if tenant is None else None)
        await _welcome(tx, p, new, tenant_id, user_id)
        await recorded(tx, p, user_id, f"account.signed_up.{new.kind.value}", tenant_id)
        await _accepted(tx, p, new, tenant_id, user_id)
    return user_id


async def _accepted(tx: Tx, p: Platform, new: NewAccount, tenant_id: str, user_id: str) -> None:
    """Whoever opens an account accepts the terms that the page names; which version it was is on record, and in the
    trail, where it outlives the account (LAW-1)."""
    version = accounts.terms_in_force(p)
    await consents.record(
        tx, p, tenant_id=tenant_id, user_id=user_id, what=What.ACCEPTED, paper=TERMS, version=version,
        language=new.language, how=How.SIGN_UP,
    )  # fmt: skip
    await recorded(tx, p, user_id, "terms.accepted", f"{tenant_id}/{version}")


async def _insert(tx: Tx, p: Platform, tenant: _New, box: Box) -> None:
    if isinstance(tenant, companies.NewCompany):
        await companies.insert(tx, p, tenant, box)
    elif tenant is not None:
        await data.insert(tx, p, tenant, box)


async def _welcome(tx: Tx, p: Platform, new: NewAccount, tenant_id: str, user_id: str) -> None:
    whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
    await note(tx, p, whom, Happened.SIGNED_UP, new.arrival)
    await tell(tx, p, whom, Kind.WELCOME, told={"link": p.origins["console"]})
    ticket = await tickets.issue(tx, p, tenant_id=tenant_id, user_id=user_id, kind=tickets.TicketKind.VERIFY)
    await tell(tx, p, whom, Kind.VERIFY, told={"link": link_to(p, "verify", ticket)})
