"""What links in letters lead to: an invitation, a confirmed address, a new one. Opening one changes nothing, because
programs that look through mail open links too; the button does."""

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, TicketSpent, WeakPassword
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words
from ippgateway.faces.shell.door.common import REFUSED, page, weak
from ippgateway.faces.shell.door.reset import spent
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words


async def show_verify(house: House, ask: Ask) -> Response:
    """The question, to whoever is signed in: an address becomes nobody's by a link alone."""
    return page(house, ask, "ask.html", title=words.VERIFY, lead=words.VERIFY_LEAD, does=words.VERIFY_GO)


async def take_verify(house: House, ask: Ask) -> Response:
    """The address is noted as theirs."""
    try:
        await accounts.verify(house.platform, ask.known, ticket=_ticket(ask))
    except TicketSpent:
        return spent(house, ask, again="/account/profile")
    return house.see_other("/account/profile?done=verified")


async def show_new_email(house: House, ask: Ask) -> Response:
    """The question."""
    if not await accounts.check_ticket(house.platform, kind="new_email", ticket=_ticket(ask)):
        return spent(house, ask, again="/account/profile")
    return page(house, ask, "ask.html", title=words.NEW_EMAIL, lead=words.NEW_EMAIL_LEAD, does=words.NEW_EMAIL)


async def take_new_email(house: House, ask: Ask) -> Response:
    """The address takes the old one's place."""
    try:
        await accounts.confirm_new_email(house.platform, ticket=_ticket(ask))
    except TicketSpent:
        return spent(house, ask, again="/account/profile")
    return house.see_other("/sign-in?done=email" if ask.session is None else "/account/profile?done=email", ask=ask)


async def show_invite(house: House, ask: Ask) -> Response:
    """The form, when the invitation counts."""
    if not await accounts.check_ticket(house.platform, kind="invite", ticket=_ticket(ask)):
        return spent(house, ask, lead=words.INVITE_SPENT, again=None)
    return _invite(house, ask)


async def take_invite(house: House, ask: Ask) -> Response:
    """The account is theirs, and they are in it."""
    if not ask.form.get("name"):
        return _invite(house, ask, wrong={"name": words.NAME_MISSING}, status=REFUSED)
    try:
        audience, tenant_id, user_id = await accounts.accept_invite(
            house.platform, house.breaches, ticket=_ticket(ask), password=ask.secret("password"),
            name=ask.form["name"],
        )  # fmt: skip
    except TicketSpent:
        return spent(house, ask, lead=words.INVITE_SPENT, again=None)
    except WeakPassword as error:
        return _invite(house, ask, wrong={"password": weak(error)}, status=REFUSED)
    except BadProfile:
        return _invite(house, ask, wrong={"name": words.NAME_BAD}, status=REFUSED)
    signed_in = await accounts.open_session(
        house.platform, audience=audience, tenant_id=tenant_id, user_id=user_id, arrival=ask.arrival
    )
    return house.let_in(signed_in, "/")


def _invite(house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, status: int = 200) -> Response:
    return page(house, ask, "invite.html", title=words.INVITE, status=status, wrong=wrong or {})


def _ticket(ask: Ask) -> Secret[str]:
    return Secret(ask.path["ticket"])
