"""A forgotten password: asked for with the same answer whoever exists, set with a link that counts once."""

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TicketSpent, TooManyFailures, WeakPassword
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words
from ippgateway.faces.shell.door.common import REFUSED, audiences, page, told_when, wait, weak
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words


async def show_forgot(house: House, ask: Ask) -> Response:
    """The form, or what follows it."""
    if "sent" in ask.query:
        return page(house, ask, "sent.html", title=words.SENT)
    return page(house, ask, "forgot.html", title=words.FORGOT)


async def take_forgot(house: House, ask: Ask) -> Response:
    """A letter for whoever has an account, and the same answer for everybody."""
    email = ask.form.get("email", "")
    if "@" not in email:
        wrong = {"email": words.EMAIL_BAD}
        return page(house, ask, "forgot.html", title=words.FORGOT, status=REFUSED, wrong=wrong)
    try:
        await accounts.ask_reset(house.platform, audiences=audiences(house), email=email, arrival=ask.arrival)
    except TooManyFailures as error:
        problem = wait(house, ask, error)
        return told_when(page(house, ask, "forgot.html", title=words.FORGOT, status=429, problem=problem), error)
    return house.see_other("/forgot?sent=1", ask=ask)


async def show_reset(house: House, ask: Ask) -> Response:
    """The form, when the link counts."""
    if not await accounts.check_ticket(house.platform, kind="reset", ticket=_ticket(ask)):
        return spent(house, ask)
    return _form(house, ask)


async def take_reset(house: House, ask: Ask) -> Response:
    """The new password is set; nobody is signed in by that."""
    try:
        device = await accounts.reset(
            house.platform, house.breaches, ticket=_ticket(ask), new=ask.secret("password"), arrival=ask.arrival
        )
    except TicketSpent:
        return spent(house, ask)
    except WeakPassword as error:
        return _form(house, ask, wrong={"password": weak(error)}, status=REFUSED)
    response = house.see_other(f"{house.about.sign_in}?done=password", ask=ask)
    if device is not None:
        house.cookies.know(response, device)
    return response


def spent(house: House, ask: Ask, *, lead: Words = words.SPENT_LEAD, again: str | None = "/forgot") -> Response:
    """The page of a link that no longer counts. `again`: where a new one is asked for."""
    return page(house, ask, "spent.html", title=words.SPENT, status=410, lead=lead, again=again)


def _form(house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, status: int = 200) -> Response:
    return page(house, ask, "reset.html", title=words.RESET, status=status, wrong=wrong or {})


def _ticket(ask: Ask) -> Secret[str]:
    return Secret(ask.path["ticket"])
