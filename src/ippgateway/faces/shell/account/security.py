"""How somebody signs in, at a glance, and removing what they no longer use."""

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import LastFactor
from ippgateway.domains.accounts.schemas import Audience, FactorKind, FactorView
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

KINDS = {FactorKind.TOTP: words.APP, FactorKind.PASSKEY: words.PASSKEY}
PROGRAMMED = frozenset({Audience.COMPANY, Audience.PARTNER})
"""Whose users have programs: of those alone does the wire contract know."""
_DONE = {
    "password": words.PASSWORD_CHANGED,
    "added": words.FACTOR_ADDED,
    "removed": words.FACTOR_REMOVED,
    "enough": words.ENOUGH,
}


async def show(house: House, ask: Ask) -> Response:
    """Password, second factors, recovery codes, passwords for programs."""
    session = ask.known
    factors = await accounts.factors(house.platform, session)
    awaited = None
    if session.must_change_password:
        awaited = words.MUST_CHANGE
    elif session.audience is Audience.STAFF and not factors:
        awaited = words.MUST_ADD
    left = await accounts.recovery_left(house.platform, session) if factors else 0
    return page(
        house, ask, "security.html", title=words.SECURITY, done=_DONE, factors=factors, kinds=KINDS, awaited=awaited,
        programmed=session.audience in PROGRAMMED, codes_left=left,
    )  # fmt: skip


async def show_factor(house: House, ask: Ask) -> Response:
    """What removing one means."""
    return _removal(house, ask, *await _found(house, ask))


async def take_factor(house: House, ask: Ask) -> Response:
    """It is removed."""
    factor, only = await _found(house, ask)
    try:
        await accounts.remove_factor(house.platform, ask.known, factor.id)
    except LastFactor:
        return _removal(house, ask, factor, only, problem=words.REMOVE_REFUSED, status=409)
    return house.see_other("/account/security?done=removed")


async def _found(house: House, ask: Ask) -> tuple[FactorView, bool]:
    factors = await accounts.factors(house.platform, ask.known)
    for factor in factors:
        if factor.id == ask.path["factor_id"]:
            return factor, len(factors) == 1
    raise Refused(404)


def _removal(
    house: House, ask: Ask, factor: FactorView, only: bool, *, problem: Words | None = None, status: int = 200
) -> Response:
    happens = [words.REMOVE_HAPPENS, *([words.REMOVE_LAST] if only else []), words.REMOVE_LETTER]
    return page(
        house, ask, "remove.html", title=words.REMOVE_FACTOR, happens=happens, does=words.REMOVE, status=status,
        named=factor.label or KINDS[factor.kind], since=factor.created_at, back="/account/security", problem=problem,
    )  # fmt: skip
