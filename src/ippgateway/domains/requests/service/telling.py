"""The letters of a request. They go to the address that it came with, under keys of the request's own, so that whoever
is erased or has everything restricted still hears of it."""

from ippgateway.core.database import Tx
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.requests.models import DataReply
from ippgateway.domains.requests.schemas import Kind, Request, Told
from ippgateway.domains.requests.service.reading import locked, seen
from ippgateway.domains.requests.states import State
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Words
from ippgateway.privacy.zones import PLATFORM

WHAT: dict[Kind, Words] = {
    Kind.ACCESS: Words(en="to see what is stored about you", da="at se, hvad der er gemt om dig"),
    Kind.COPY: Words(en="a copy to take elsewhere", da="en kopi til at tage med"),
    Kind.RECTIFICATION: Words(en="a correction", da="en rettelse"),
    Kind.RESTRICTION: Words(en="a restriction", da="en begrænsning"),
    Kind.OBJECTION: Words(en="an objection", da="en indsigelse"),
    Kind.ERASURE: Words(en="erasure", da="sletning"),
    Kind.CLOSURE: Words(en="to close your account", da="at lukke din konto"),
}
_LETTERS = {
    Told.RECEIVED: Letter.REQUEST_RECEIVED,
    Told.EXTENDED: Letter.REQUEST_EXTENDED,
    Told.ANSWERED: Letter.REQUEST_ANSWERED,
}


async def tell(p: Platform, *, tenant_id: str, request_id: str) -> None:
    """Owe the letter that is still to be written, in the transaction that notes it as written. Once it is answered,
    nobody needs the address any more. Raises NoSuchRequest."""
    box = await p.persons.open(OWN_DATA, PLATFORM, request_id)
    async with p.db.begin(OWN_DATA, tenants=[tenant_id, request_id]) as tx:
        request = seen(await locked(tx, tenant_id, request_id))
        to_tell = await tx.value(
            "select to_tell from ipp.data_request where tenant_id = $1 and id = $2", tenant_id, request_id
        )
        address = await tx.value("select address from ipp.data_reply where tenant_id = $1", request_id)
        if to_tell is not None and address is not None and box.has(DataReply.address):
            await mail.owe(
                tx, p, box=box, tenant_id=request_id, person_id=request_id, kind=_LETTERS[Told(to_tell)],
                language=request.language, address=box.open(DataReply.address, address).open(),
                told=_told(p, request),
            )  # fmt: skip
        await _told_of(tx, request)


async def _told_of(tx: Tx, request: Request) -> None:
    await tx.execute(
        "update ipp.data_request set to_tell = null, next_at = case when state = 'GRANTED' then next_at end "
        "where tenant_id = $1 and id = $2",
        request.tenant_id, request.id,
    )  # fmt: skip
    if request.state.ended:
        await tx.execute("delete from ipp.data_reply where tenant_id = $1", request.id)


def _told(p: Platform, request: Request) -> dict[str, str]:
    what = WHAT[request.kind]
    return {
        "what": what.da if request.language == "da" else what.en, "day": request.last_day.isoformat(),
        "link": _link(p, request),
    }  # fmt: skip


def _link(p: Platform, request: Request) -> str:
    """Where the person reads on: their account, while there is one; a link by mail, for whoever has none; and after an
    erasure its certificate, which needs nobody's account."""
    if request.kind is Kind.ERASURE and request.state is State.DONE:
        return f"{p.origins['console']}/certificate/{request.tenant_id}/{request.id}"
    if request.payer:
        return f"{p.origins['mine']}/"
    if request.kind is Kind.CLOSURE and request.state is State.DONE:
        return f"{p.origins['site']}/privacy"
    return f"{p.origins['console']}/account/data/requests/{request.id}"
