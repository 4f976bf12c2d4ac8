"""Inviting somebody to a tenant's users: they choose their password by a link in a letter."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import TicketSpent
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience, Happened
from ippgateway.domains.accounts.service import tickets
from ippgateway.domains.accounts.service.change import rule_for
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, note, tell
from ippgateway.domains.accounts.service.links import link_to
from ippgateway.domains.accounts.service.managing import By, recorded, require_own
from ippgateway.domains.accounts.service.passwords import hash_password, require_good
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.domains.accounts.service.users import (
    NewUser,
    insert,
    require_new,
    require_profile,
    rights_of_policy,
)
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM


async def invite(
    p: Platform,
    *,
    by: By,
    audience: Audience,
    tenant_id: str,
    email: str,
    name: str,
    rights: tuple[str, ...] = (),
    policy_id: str | None = None,
    employment: str = "",
    language: str | None = None,
) -> str:
    """Make a user without a password and mail them a link, good for a week; the id. `rights` or `policy_id` say what
    they may do, never more than whoever invites them. `employment`: of our staff. `language`: of the letter, unless it
    is that of whoever invites.

    Raises BadProfile, of an address also when the tenant has a user with it; NoSuchPolicy.
    """
    new = NewUser(
        audience=audience, tenant_id=tenant_id, email=email, name=name, password=None, rights=rights,
        policy_id=policy_id, employment=employment, language=language or _language_of(by),
    )  # fmt: skip
    require_new(new)
    box = await p.persons.create(hall(p)[1], PLATFORM, p.ids.new())
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        require_own(by, rights if policy_id is None else await rights_of_policy(tx, tenant_id, policy_id))
        user_id = await insert(tx, p, new, box, None)
        whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
        ticket = await tickets.issue(tx, p, tenant_id=tenant_id, user_id=user_id, kind=TicketKind.INVITE)
        await tell(tx, p, whom, Kind.INVITE, told={"link": link_to(p, "invite", ticket)})
        await recorded(tx, p, by, "user.invited", tenant_id, user_id)
    return user_id


def _language_of(by: By) -> str:
    return "en" if isinstance(by, str) else by.language


async def accept_invite(
    p: Platform, breaches: Breaches, *, ticket: Secret[str], password: Secret[str], name: str
) -> tuple[Audience, str, str]:
    """Choose the first password by the link of an invitation, which shows whose the address is. Audience, tenant and
    user, for `open_session`. Raises TicketSpent, WeakPassword, BadProfile (the link is still good then)."""
    require_profile(name=name)
    found = await tickets.look_up(p, kind=TicketKind.INVITE, ticket=ticket)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
    await require_good(breaches, password, rule=rule_for(whom), about=(*whom.about, name))
    hashed = await hash_password(password)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        await tickets.spend(tx, p, found)
        if whom.status != ACTIVE:
            raise TicketSpent
        await tx.execute(
            "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
            "values ($1, $2, $3, 'password', false, $4, $5)",
            whom.tenant_id, whom.user_id, p.ids.new(), p.clock.now(), hashed,
        )  # fmt: skip
        await tx.execute(
            "update ipp.app_user set name = coalesce($3, name), verified_at = $4 where tenant_id = $1 and id = $2",
            whom.tenant_id, whom.user_id, whom.box.seal(User.name, name.strip()), p.clock.now(),
        )  # fmt: skip
        await note(tx, p, whom, Happened.SIGNED_UP)
    return whom.audience, whom.tenant_id, whom.user_id
