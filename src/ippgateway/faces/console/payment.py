"""One payment: how it stands, its story, and what can be done with it.

Whatever moves money is asked for on the payment's page, said exactly on a page of its own, done once, and shown in the
story. The confirmation carries the key of the request, so that a second click is the same request.
"""

import re
from functools import partial
from typing import Any

from starlette.responses import Response

from ippgateway.core.money import BadAmount, Money
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.schemas import CompanyView
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.schemas import PaymentRow, Story
from ippgateway.domains.requests import service as requests
from ippgateway.faces.console import payment_words as words
from ippgateway.faces.console import wire
from ippgateway.faces.console.amounts import on_the_wire, read, typed
from ippgateway.faces.console.deeds import DEEDS, Deed
from ippgateway.faces.console.telling import Sentence, told
from ippgateway.faces.console.telling import amount as both
from ippgateway.faces.pages.held import field_words
from ippgateway.faces.shell.app import Refused
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House, may
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Words

_COMPANIES = frozenset({Audience.COMPANY})
_KEY = re.compile(r"[A-Za-z0-9]{24}", re.ASCII)
_KEY_LETTERS = 24
_LONGEST_COMMENT = 500
_PROBLEMS: dict[int, tuple[int, Words]] = {
    400: (422, words.BAD_AMOUNT),
    401: (403, words.NOT_ALLOWED),
    403: (403, words.NOT_ALLOWED),
    409: (409, words.NOT_DONE),
}
"""What the contract's answers mean here: the page's status and what it says."""


async def shown(house: House, ask: Ask) -> Response:
    """A payment. `?did=`: the action that was just done, which the page begins with."""
    return await _page(house, ask, await _story(house, ask))


async def _page(
    house: House, ask: Ask, story: Story, *, problem: Words | None = None, status: int = 200
) -> Response:  # fmt: skip
    sentences = told(story)
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    said = await requests.corrections_of(house.platform, Person(company.id, story.person_id))
    done = next((each for each in sentences if each.id == ask.query.get("did")), None)
    return house.page(
        ask, "payment.html", title=words.PAYMENT, status=status, w=words, story=story, row=story.row,
        sentences=sentences[::-1], status_words=status_words(story.row), problem=problem, **_notice(done),
        deeds=_open_deeds(ask, company, story.row), live=company.live,
        corrections=[(field_words(field), value.open()) for field, value in said],
        may_move=any(may(ask.known, deed.right) for deed in DEEDS), typed=partial(typed, language=ask.language),
    )  # fmt: skip


def _notice(done: Sentence | None) -> dict[str, Any]:
    if done is None:
        return {}
    return {"notice": done.words, "tone": {"good": "done", "bad": "problem"}.get(done.tone, "info")}


def _open_deeds(ask: Ask, company: CompanyView, row: PaymentRow) -> list[tuple[Deed, Money]]:
    """What whoever asks may do with it now, each with the most that it can be about."""
    may_do = [d for d in DEEDS if may(ask.known, d.right) and d.method.value not in company.switched_off]
    return [(deed, deed.open(row)) for deed in may_do if deed.open(row).amount_minor]


async def asked(house: House, ask: Ask, *, deed: Deed) -> Response:
    """What exactly will happen, and the button that does it."""
    story = await _story(house, ask)
    try:
        amount = _amount(ask.query.get("amount", ""), deed, story.row)
    except BadAmount:
        return await _page(house, ask, story, problem=_why_not(deed, story.row), status=422)
    return house.page(
        ask, "deed.html", title=deed.title, w=words, deed=deed, row=story.row, amount=amount,
        typed=typed(amount, ask.language), happens=deed.happens(story.row, amount), does=deed.does(*both(amount)),
        key=house.platform.ids.letters(_KEY_LETTERS),
    )  # fmt: skip


async def done(house: House, ask: Ask, *, deed: Deed) -> Response:
    """Does it, once, and shows the record."""
    story, key = await _story(house, ask), ask.form.get("key", "")
    try:
        amount = read(ask.form.get("amount", ""), story.row.amount.currency)
        text = on_the_wire(amount)
    except BadAmount:
        return await _page(house, ask, story, problem=words.BAD_AMOUNT, status=422)
    if not _KEY.fullmatch(key):
        raise Refused(419)
    comment = ask.form.get("comment", "")[:_LONGEST_COMMENT]
    fields = {"transaction_id": story.row.id, "amount": text, "comment": comment}
    answer = await wire.act(house, ask, f"company/payments/{deed.path}", fields, key=key)
    if answer.done:
        return house.see_other(f"/payments/{story.row.id}?did={answer.content.get('action_id', '')}")
    status, problem = _PROBLEMS.get(answer.code, (502, words.NOT_HEARD))
    return await _page(house, ask, await _story(house, ask), problem=problem, status=status)


def _amount(text: str, deed: Deed, row: PaymentRow) -> Money:
    """What it is to be about: what was typed, or all that is open. Raises BadAmount."""
    most = deed.open(row)
    amount = most if deed.whole or (deed.prefilled and not text) else read(text, row.amount.currency)
    on_the_wire(amount)
    if not 0 < amount.amount_minor <= most.amount_minor:
        raise BadAmount("more than is open")
    return amount


def _why_not(deed: Deed, row: PaymentRow) -> Words:
    """Why a deed can't be asked for as it was."""
    if deed.open(row).amount_minor:
        return words.BAD_AMOUNT
    return words.UNDER_WAY if row.balances.under_way else words.NOTHING_OPEN


def status_words(row: PaymentRow) -> tuple[Words, str]:
    """How a payment stands, in a word and a tone."""
    if row.state == "REVERSED":
        return words.REVERSED
    if row.status != "PARTIAL":
        return words.STATUSES[row.status]
    if row.balances.refunded.amount_minor:
        return words.PARTLY_REFUNDED
    return words.PARTLY_CAPTURED if row.balances.captured.amount_minor else words.PARTLY_RELEASED


async def _story(house: House, ask: Ask) -> Story:
    try:
        return await payments.story(
            house.platform, company_id=ask.known.tenant_id, payment_id=ask.path["payment_id"]
        )  # fmt: skip
    except PaymentNotFound:
        raise Refused(404) from None


ROUTES = (
    Route(path="/payments/{payment_id}", name="payment", get=shown, audiences=_COMPANIES, right=rights.PAYMENTS.key),
    *(
        Route(
            path=f"/payments/{{payment_id}}/{deed.name}", name=f"payment {deed.name}", who=Who.STRONG,
            get=partial(asked, deed=deed), post=partial(done, deed=deed), audiences=_COMPANIES, right=deed.right,
        )
        for deed in DEEDS
    ),
)  # fmt: skip
