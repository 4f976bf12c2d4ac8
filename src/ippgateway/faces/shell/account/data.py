"""Everything that is held about whoever asks, as a user of ours, to look at and to take away."""

import asyncio

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.pages import held_words
from ippgateway.faces.pages.held import beside_in, groups, label_in, received_in, told_in
from ippgateway.faces.pages.held_pdf import pdf_of
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page, proof_due
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import PAGE_HEADERS, House
from ippgateway.privacy.rights.copy import access_copy, encoded, portable_copy
from ippgateway.privacy.rights.held import Held, held, held_of_staff

ANSWERED = frozenset(Audience) - {Audience.STAFF}
"""Who gets copies here, and asks for more: the console's process answers them. Our staff see what the desk's process
sees of them, and ask whoever employs them."""


async def show(house: House, ask: Ask) -> Response:
    """Each field with its value, why it is there, on which basis, how long, where it comes from, and who gets it."""
    staff = ask.audience is Audience.STAFF
    found = await (_held_of_staff(house, ask) if staff else _held(house, ask))
    return page(
        house, ask, "data.html", title=words.DATA, held=found, groups=list(groups(found)), hw=held_words, staff=staff,
        label=label_in(ask.language), told=told_in(ask.language), beside=beside_in(ask.language),
        given=received_in(ask.language),
    )  # fmt: skip


async def pdf(house: House, ask: Ask) -> Response:
    """The same as a file for people."""
    if (due := proof_due(house, ask)) is not None:
        return due
    found = await _held(house, ask, whole=True)
    body = await asyncio.to_thread(pdf_of, found, ask.language, title=words.DATA, operator=house.platform.operator)
    return _file(body, "application/pdf", "your-data.pdf")


async def archive(house: House, ask: Ask) -> Response:
    """The same as a file for programs."""
    if (due := proof_due(house, ask)) is not None:
        return due
    return _file(encoded(access_copy(await _held(house, ask, whole=True))), "application/json", "your-data.json")


async def portable(house: House, ask: Ask) -> Response:
    """What they gave us themselves, as a file for other people's programs."""
    if (due := proof_due(house, ask)) is not None:
        return due
    found = await _held(house, ask, whole=True)
    return _file(encoded(portable_copy(found)), "application/json", "your-own-data.json")


async def _held(house: House, ask: Ask, *, whole: bool = False) -> Held:
    return await held(house.platform, await accounts.person_of(house.platform, ask.known), whole=whole)


async def _held_of_staff(house: House, ask: Ask) -> Held:
    return await held_of_staff(house.platform, await accounts.person_of(house.platform, ask.known))


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, headers={
        **PAGE_HEADERS, "content-type": kind, "content-disposition": f'attachment; filename="{name}"',
    })  # fmt: skip
