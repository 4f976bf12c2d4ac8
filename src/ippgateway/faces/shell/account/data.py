"""Everything that is held about whoever asks, as a user of ours."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.pages import held_words
from ippgateway.faces.pages.held import groups, label_in, told_in
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.privacy.rights.held import held

ANSWERED = frozenset(Audience) - {Audience.STAFF}
"""Who is answered here: the desk can open nothing for the purpose of answering, and sees no rows but our staff's."""


async def show(house: House, ask: Ask) -> Response:
    """Each field with its value, why it is there, on which basis, how long, and who gets it."""
    found = await held(house.platform, await accounts.person_of(house.platform, ask.known))
    return page(
        house, ask, "data.html", title=words.DATA, held=found, groups=list(groups(found)), hw=held_words,
        label=label_in(ask.language), told=told_in(ask.language),
    )  # fmt: skip
