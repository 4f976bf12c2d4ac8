"""Recovery codes: new ones, shown once."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import SignedIn
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page, renewed
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House


async def show(house: House, ask: Ask) -> Response:
    """What new ones mean."""
    return page(
        house, ask, "remove.html", title=words.RECOVERY_NEW, happens=words.RECOVERY_HAPPENS, does=words.RECOVERY_NEW,
        kind="first", named=None, since=None, back="/account/security",
    )  # fmt: skip


async def take(house: House, ask: Ask) -> Response:
    """New ones; the older ones are void."""
    return shown(house, ask, await accounts.new_recovery_codes(house.platform, ask.known), None)


def shown(house: House, ask: Ask, codes: Sequence[Secret[str]], signed_in: SignedIn | None) -> Response:
    """The page that shows codes, in answer to the form itself: they are on no page that could be opened again. With the
    first factor the session has a new secret, which the page's own forms carry on."""
    if signed_in is not None:
        session = replace(ask.known, second_factor=True, strong_at=house.platform.clock.now(), moves_money=True)
        ask = replace(ask, bearer=signed_in.session_id, session=session)
    answer = page(
        house, ask, "codes.html", title=words.RECOVERY_SHOWN, codes=[code.open() for code in codes],
        added=signed_in is not None,
    )  # fmt: skip
    return renewed(house, answer, signed_in)
