"""The payer's calls: 3-D Secure step and authorisation (wire contract 8.3 and 8.4).

Card data arrives here and nowhere else. It is checked, wrapped and handed on in one go; a refusal names the field.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import BadCard
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry, Result, Screen, SecureResult
from ippgateway.faces.classic import values
from ippgateway.faces.classic.credentials import Caller
from ippgateway.faces.classic.endpoints.checkout import bearer
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.face import Face
from ippgateway.faces.classic.idempotent import once
from ippgateway.faces.classic.refusals import bad, not_found
from ippgateway.faces.classic.request import Call
from ippgateway.privacy import policy

# EMV 3-D Secure allows 45 characters of cardholder name; names longer than this are no names.
_LONGEST_HOLDER = 100
_LONGEST_HEADER = 2_048
_FURTHEST_ZONE_MINUTES = 14 * 60
_NUMBER = re.compile(r"-?[0-9]{1,6}", re.ASCII)
_REASONS = {"three_ds_required": "3-D Secure required"}  # the contract's own words
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})?", re.ASCII)


async def secure(face: Face, call: Call) -> Content:
    """`payments/secure`. A refused authentication is an answer, not an error (R-03, R-43)."""
    secrets, card = bearer(call), _card(call)
    checkout = await checkouts.find(face.platform, **secrets, expired_too=True)
    call.visitor.pays(checkout)
    # Our own script tells which version of the policy stood beside its button; no other client knows of one (PLACE-1).
    if not checkout.expired and call.raw("policy_version") == policy.for_payers().version:
        await checkouts.agree(face.platform, checkout, version=policy.for_payers().version)
    return _secured(await payments.secure(face.payments(), checkout=checkout, card=card, browser=_browser(call)))


async def authorise(face: Face, call: Call) -> Content:
    """`payments/authorize`. A decline is an answer (R-03), and so is "nobody knows yet" (WAIT). After a checkout's time
    whoever has paid is told so; nobody else finds it any more."""
    secrets, card = bearer(call), _card(call)
    checkout = await checkouts.find(face.platform, **secrets, expired_too=True)
    call.visitor.pays(checkout)

    async def run(call: Call) -> Content:
        if checkout.expired:
            return _authorised(await payments.answer_after_time(face.payments(), checkout=checkout))
        done = await payments.authorise(face.payments(), checkout=checkout, card=card, browser=_browser(call))
        return _authorised(done)

    return await once(face, call, company_id=checkout.company_id, scope=f"authorise.{checkout.id}", run=run)


async def rebill(face: Face, call: Call, caller: Caller) -> Content:
    """`payments/rebilling`: charge a stored card for a checkout made just before (8.5)."""
    checkout = await checkouts.find(face.platform, **bearer(call))
    reference = call.raw("reference_transaction_id")
    if checkout.company_id != caller.tenant_id or not is_id(reference):
        raise not_found()

    async def run(_: Call) -> Content:
        return _authorised(await payments.rebill(face.payments(), checkout=checkout, reference_id=reference))

    return await once(face, call, company_id=caller.tenant_id, scope=f"rebill.{checkout.id}", run=run)


def _card(call: Call) -> CardEntry:
    if call.raw("method") not in {"", "card"}:
        raise bad("method")
    holder = values.clean(call.raw("holder"))
    if not holder.strip() or len(holder) > _LONGEST_HOLDER:
        raise BadCard("holder")
    return CardEntry(
        holder=Secret(holder),
        number=Secret(values.card_number(call.raw("cardno"))),
        month=values.expiry_month(call.raw("expmonth")),
        year=values.expiry_year(call.raw("expyear")),
        security_code=Secret(values.security_code(call.raw("cvv"))),
    )


def _browser(call: Call) -> Browser:
    """What the headers tell, and what a script of ours in the browser told besides."""
    language = _LANGUAGE.match(call.raw("browser_language") or call.headers.get("accept-language", ""))
    return Browser(
        user_agent=Secret(values.clean(call.headers.get("user-agent", ""))[:_LONGEST_HEADER]),
        accept=Secret(values.clean(call.headers.get("accept", ""))[:_LONGEST_HEADER]),
        language=language[0] if language else "",
        ip=Secret(call.client_ip),
        screen=_screen(call),
    )


def _screen(call: Call) -> Screen | None:
    """All of it or nothing: a browser that tells a part counts as one without script, and may pay all the same."""
    told = [call.raw(f"browser_{name}") for name in ("depth", "height", "width", "tz")]
    if not all(_NUMBER.fullmatch(text) for text in told):
        return None
    depth, height, width, zone = map(int, told)
    if min(depth, height, width) < 0 or abs(zone) > _FURTHEST_ZONE_MINUTES:
        return None
    return Screen(
        colour_depth=depth, height=height, width=width, zone_minutes=zone, java=values.ticked(call.raw("browser_java"))
    )


def _secured(outcome: SecureResult) -> dict[str, Any]:
    result = "NOK" if outcome.refused else "COMPLETED" if outcome.done else "WAIT"
    content: dict[str, Any] = {"result": result, "transaction_data": {"z3": outcome.text}}
    if outcome.challenge_url is not None:
        content["challenge"] = {"url": outcome.challenge_url}
    return content


def _authorised(outcome: AuthoriseResult) -> dict[str, Any]:
    content: dict[str, Any] = {
        "result": outcome.result,
        "status": "WAIT" if outcome.result is Result.WAIT else outcome.status,
        "transaction_id": outcome.payment_id,
        "action_id": outcome.action_id,
        "transaction_key": outcome.payment_key.open(),
        "consumer": {"recurring": outcome.seen_before, "purchases": outcome.purchases},
        "risk": {"score": 0, "suggestion": "SERVE"},  # no risk rule acts by default (13.18)
        "presentation": {"amount": outcome.amount_text, "currency": outcome.currency_code},
        "success_url": _parsed(outcome.accept_url) or "success.php",
        "card_data": {
            "month": f"{outcome.card_month:02d}",
            "year": f"{outcome.card_year:04d}",
            "pan": outcome.card_masked,
            "brand": outcome.card_brand,
        },
    }
    if outcome.result is Result.NOK:
        content["reason"] = _REASONS.get(outcome.reason, outcome.reason)
    return content


def _parsed(address: str) -> str:
    """The address, or "" when it has no meaning (`http://[x`): a payer who has paid must not be stuck with it."""
    try:
        urlsplit(address).port  # noqa: B018 - raises for a host or port that is none
    except ValueError:
        return ""
    return address
