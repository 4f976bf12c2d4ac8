"""What a partner does for its customers.

What the wire contract gives a partner over them (9.3) it has while a customer is in the sandbox. Where real money is,
it lasts until the customer has taken over, that is until one of its users has a password that the partner did not
choose. From then on it takes the customer's leave, as entering does (R-55): its payment key would move its money, and a
password that the partner sets would open its account.
"""

from collections.abc import Sequence

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience, UserView
from ippgateway.domains.accounts.service.managing import By, recorded
from ippgateway.domains.accounts.service.passwords import Rule, hash_password, require_good
from ippgateway.domains.accounts.service.renaming import set_email
from ippgateway.domains.accounts.service.users import insert, require_profile
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.companies.schemas import CustomerRow
from ippgateway.domains.partners.errors import BadAccount, NotLetIn
from ippgateway.domains.partners.schemas import Made, NewCustomer
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM


async def users_of(p: Platform, *, partner_id: str, company_id: str) -> tuple[CustomerRow, tuple[UserView, ...]]:
    """A customer and its users that can sign in, the first one first. Raises CompanyNotFound, also of a closed one."""
    row = await companies.customer(p, partner_id=partner_id, company_id=company_id)
    if row.status == "closed":
        raise CompanyNotFound
    found = await accounts.users(p, audience=Audience.COMPANY, tenant_id=company_id)
    return row, tuple(user for user in found if user.status == "active")


def in_their_hands(row: CustomerRow, users: Sequence[UserView]) -> bool:
    """Whether a customer's payment key and passwords are the partner's to see and set."""
    return not row.live or row.allowed or all(user.must_change_password for user in users)


async def add_customer(p: Platform, breaches: Breaches, *, partner_id: str, new: NewCustomer, by: By) -> Made:
    """Bring in a customer with its keys and a first user, who has to choose another password (wire contract 9.3). `by`:
    the session, or the partner's id when it showed a key. Raises BadAccount, BadProfile, WeakPassword."""
    if not new.name.strip():
        raise BadAccount("company_name")
    require_profile(email=new.email, name=new.contact_name, phone=new.phone)
    await require_good(breaches, new.password, rule=Rule.WIRE_NEW)
    company = companies.sandbox_company(
        p, partner_id=partner_id, name=new.name, details={"company": {"phone": new.phone}} if new.phone else None
    )
    first = accounts.NewUser(
        audience=Audience.COMPANY, tenant_id=company.id, email=new.email, name=new.contact_name, phone=new.phone,
        password=new.password, must_change_password=True,
    )  # fmt: skip
    hashed = await hash_password(new.password)
    theirs, users = await companies.holder(p), await p.persons.create(ACCOUNT, PLATFORM, p.ids.new())
    async with p.db.begin(ACCOUNT, tenants=[company.id]) as tx:
        await companies.insert(tx, p, company, theirs)
        user_id = await insert(tx, p, first, users, hashed)
        await recorded(tx, p, by, "company.brought_in", company.id)
    return Made(company_id=company.id, user_id=user_id, key1=company.key1, key2=company.key2)


async def reset_user(
    p: Platform, breaches: Breaches, *, partner_id: str, company_id: str, user_id: str, email: str,
    password: Secret[str], by: By,
) -> None:  # fmt: skip
    """Give a customer's user another password, which they have to change, and another user name when `email` is one
    (wire contract 9.3).

    Raises CompanyNotFound, NoSuchUser, NotLetIn, BadProfile, WeakPassword.
    """
    row, users = await users_of(p, partner_id=partner_id, company_id=company_id)
    if not in_their_hands(row, users):
        raise NotLetIn
    await require_good(breaches, password, rule=Rule.WIRE_RESET)
    if email:
        await set_email(p, audience=Audience.COMPANY, tenant_id=company_id, user_id=user_id, email=email, by=by)
    await accounts.set_password(
        p, breaches, audience=Audience.COMPANY, tenant_id=company_id, user_id=user_id, new=password, by=by,
        rule=Rule.WIRE_RESET, must_change=True,
    )  # fmt: skip


async def close_customer(p: Platform, *, partner_id: str, company_id: str, by: By) -> None:
    """Close a customer: its keys and sign-ins open nothing from now on. Raises CompanyNotFound."""
    await companies.close(p, company_id=company_id, partner_id=partner_id, by=by)
