"""What a running installation has besides accounts and a payment: recipients and records of who got what, a case of
each kind, somebody who was erased, a key that the law keeps, a sweep."""

from disclosures.cases import ANNA, BENT, CARLA, request
from ippgateway.app import recipients_command
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.disclosures.service import kinds
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New
from ippgateway.privacy.disclosure.records import INSERT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import retain
from ippgateway.privacy.zones import PLATFORM, Zone
from signing import member

KEPT = "prom-ised-kept"
"""A person of whom the law keeps a key."""


async def furnish(settings: Settings, console: Platform, desk: Platform, *, company: str, user: str) -> None:
    """Through the Platform's own verbs. `user`: the address of somebody of whom cases are about."""
    await recipients_command.seed(settings)
    await _cases(console, desk, user)
    await _erased(console, company)
    async with platform_for(Zone.WORKER, settings) as worker:
        await retain.remove(worker)


async def _cases(console: Platform, desk: Platform, user: str) -> None:
    """A case of each kind, handed over; and one of an authority that nobody has decided."""
    for kind in kinds():
        case_id = await disclosures.add(desk, request(kind, user, categories=("name", "email")), by=ANNA)
        for by in (BENT, CARLA):
            await disclosures.approve(desk, case_id=case_id, by=by)
    for _ in range(3):  # holds, files, letters
        await disclosures.look_after(console)
    for case in await disclosures.cases(desk):
        await disclosures.hand_over(desk, case_id=case.id, by=ANNA)
    await disclosures.add(desk, request("authority", user), by=ANNA)
    await disclosures.look_after(console)


async def _erased(console: Platform, company: str) -> None:
    leaving = await member(console, company, Audience.COMPANY, name="Leaving")
    person = await accounts.person_of(console, await leaving.session())
    request_id = await requests.ask(console, New(
        person=person, kind=Kind.ERASURE, identity=Identity.STRONG, language="en", reply_to=Secret(leaving.email),
    ))  # fmt: skip
    await requests.carry_out(console, ROOMS, tenant_id=person.rows_of, request_id=request_id)


def records(company: str, payer: str, letter: str, action: str) -> str:
    """SQL for what no verb makes here: that a payment and a letter left, and the records of who got them."""
    got = (
        (action, "acquirer", "acquirer", "payment"), (letter, "Te5t-Mail-serv", "mail_provider", "news"),
    )  # fmt: skip
    lines = ", ".join(f"('{company}', '{payer}', '{s}', '{r}', '{k}', '{p}', now(), 'email')" for s, r, k, p in got)
    return (
        "update ipp.recipient set created_at = created_at - interval '1 day'; "
        f"update ipp.payment_action set response_code = '00' where id = '{action}'; {INSERT} values {lines}"
    )


def kept(wrapped: str) -> str:
    """SQL for a key that the law keeps; `wrapped`: as SQL."""
    return (
        "insert into ipp.person_key (controller, person_id, ground, epoch, wrapped, created_at, restricted_at, "
        f"kept_until) values ('{PLATFORM}', '{KEPT}', 'bookkeeping', 1, {wrapped}, now(), now(), "
        "(now() + interval '1 year')::date)"
    )
