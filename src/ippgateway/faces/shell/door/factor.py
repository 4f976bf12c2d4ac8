"""The second factor: after the password, and again before what matters. A code, a passkey or a recovery code."""

from dataclasses import dataclass

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TicketSpent, TooManyFailures, WrongFactor
from ippgateway.domains.accounts.schemas import FactorKind, SignedIn, Stage
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import words
from ippgateway.faces.shell.door.common import REFUSED, page, told_when, wait, wanted
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_WRONG = {"code": words.CODE_WRONG, "passkey": words.PASSKEY_WRONG, "recovery": words.RECOVERY_WRONG}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Where:
    path: str
    title: Words
    lead: Words


async def show(house: House, ask: Ask) -> Response:
    """After the password."""
    return await _form(house, ask) if ask.known.stage is Stage.FACTOR else house.see_other(wanted(ask))


async def show_again(house: House, ask: Ask) -> Response:
    """Before what matters; whoever has no second factor is led to where one is added."""
    return await _form(house, ask) if ask.known.second_factor else house.see_other(house.about.enrol)


async def take(house: House, ask: Ask) -> Response:
    """On with a session that is strong, under a bearer of its own."""
    does = ask.form.get("do", "")
    if does == "passkey" and not ask.form.get("answer"):
        return await _form(house, ask, wrong={does: words.PASSKEY_NEEDS_SCRIPT}, status=REFUSED)
    try:
        return house.let_in(await _proven(house, ask, does), wanted(ask))
    except (WrongFactor, TicketSpent):
        if await _has_ended(house, ask):
            return house.let_out(f"{house.about.sign_in}?done=tries&lang={ask.language}")
        return await _form(house, ask, wrong={does: _WRONG.get(does, words.CODE_WRONG)}, status=REFUSED)
    except TooManyFailures as error:
        return told_when(await _form(house, ask, problem=wait(house, ask, error), status=429), error)


async def _has_ended(house: House, ask: Ask) -> bool:
    """Whether that was one wrong answer too many for this session."""
    return ask.bearer is None or await accounts.resume_browser(house.platform, bearer=ask.bearer) is None


async def _proven(house: House, ask: Ask, does: str) -> SignedIn:
    p, session, arrival = house.platform, ask.known, ask.arrival
    match does:
        case "passkey":
            answer = ask.form.get("answer", "")
            return await accounts.prove_passkey(p, session, house.site, answer=answer, arrival=arrival)
        case "recovery":
            return await accounts.prove_recovery(p, session, code=ask.secret("recovery"), arrival=arrival)
    return await accounts.prove_totp(p, session, code=ask.secret("code"), arrival=arrival)


async def _form(
    house: House, ask: Ask, *, wrong: dict[str, Words] | None = None, problem: Words | None = None, status: int = 200
) -> Response:
    halfway = ask.known.stage is Stage.FACTOR
    where = (
        _Where(path=house.about.factor, title=words.FACTOR, lead=words.FACTOR_LEAD) if halfway
        else _Where(path=house.about.prove, title=words.AGAIN, lead=words.AGAIN_LEAD)
    )  # fmt: skip
    kinds = {factor.kind for factor in await accounts.factors(house.platform, ask.known)}
    options = None
    if FactorKind.PASSKEY in kinds:
        options = await accounts.begin_passkey_proof(house.platform, ask.known, house.site)
    return page(
        house, ask, "factor.html", title=where.title, lead=where.lead, path=where.path, status=status, options=options,
        app=FactorKind.TOTP in kinds, both=len(kinds) > 1, halfway=halfway, wrong=wrong or {}, problem=problem,
    )  # fmt: skip
