"""A company's details, where payers reach it, and whether card fields stand in its own pages."""

from starlette.responses import Response

from ippgateway.domains.accounts import rights
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import BadContact, BadMeta
from ippgateway.domains.companies.schemas import Meta
from ippgateway.faces.console import company_words as words
from ippgateway.faces.console import leaving_words
from ippgateway.faces.console.places import COMPANIES
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House, may
from ippgateway.faces.shell.routes import Route, Who
from ippgateway.privacy.vocabulary import Words

_FIELDS = {
    ("company", "name"): (words.COMPANY_NAME, 200),
    ("company", "reg_id"): (words.REG_ID, 40),
    ("company", "vat"): (words.VAT, 40),
    ("company", "phone"): (words.PHONE, 40),
    ("address", "address"): (words.ADDRESS, 200),
    ("address", "postal"): (words.POSTAL, 20),
    ("address", "city"): (words.CITY, 100),
}
"""Where a field is in the tree of the contract's 7.3, what it is called, and the most letters it takes."""


async def shown(house: House, ask: Ask) -> Response:
    """The details as they are."""
    return await _page(house, ask)


async def saved(house: House, ask: Ask) -> Response:
    """The details as they are from now on. What was not changed is not touched, in case somebody else changes it."""
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    branches: dict[str, Meta] = {}
    for (branch, leaf), (_, longest) in _FIELDS.items():
        before = _leaf(company.meta, branch, leaf)
        text = ask.form.get(leaf, before)[:longest]
        if text != before:
            branches.setdefault(branch, {})[leaf] = text
    try:
        await companies.merge_meta(house.platform, company_id=company.id, tree={**branches})
    except BadMeta:
        return await _page(house, ask, problem=words.TOO_LARGE, status=422)
    return house.see_other("/settings?done=1")


async def reached(house: House, ask: Ask) -> Response:
    """Where payers reach the company from now on."""
    text = ask.form.get("payers_contact", "")
    try:
        await companies.set_payers_contact(
            house.platform, company_id=ask.known.tenant_id, text=text, by=ask.known.user_id
        )
    except BadContact:
        return await _page(house, ask, contact=text, status=422)
    return house.see_other("/settings?done=1")


async def _page(
    house: House, ask: Ask, *, problem: Words | None = None, contact: str | None = None, status: int = 200
) -> Response:
    """`contact`: what was typed and can't be."""
    company = await companies.read(house.platform, company_id=ask.known.tenant_id)
    fields = [
        (leaf, label, longest, _leaf(company.meta, branch, leaf))
        for (branch, leaf), (label, longest) in _FIELDS.items()
    ]
    return house.page(
        ask, "settings.html", title=words.SETTINGS, w=words, company=company, fields=fields, problem=problem,
        status=status, notice=words.SAVED if "done" in ask.query else None, leave=leaving_words,
        contact=company.payers_contact if contact is None else contact,
        wrong=None if contact is None else words.CONTACT_BAD, may_leave=may(ask.known, rights.ALL),
    )  # fmt: skip


def _leaf(tree: Meta, branch: str, leaf: str) -> str:
    """A text in the tree; nothing where it is not, or is another branch."""
    of = tree.get(branch)
    found = of.get(leaf) if isinstance(of, dict) else None
    return found if isinstance(found, str) else ""


async def switched(house: House, ask: Ask) -> Response:
    """Card fields in the company's own pages, or on ours alone."""
    on = ask.form.get("widget") == "on"
    await companies.set_widget(house.platform, company_id=ask.known.tenant_id, on=on, by=ask.known.user_id)
    return house.see_other("/settings?done=1")


_RIGHT = rights.SETTINGS.key
ROUTES = (
    Route(path="/settings", name="settings", get=shown, post=saved, audiences=COMPANIES, right=_RIGHT),
    Route(path="/settings/contact", name="settings contact", post=reached, audiences=COMPANIES, right=_RIGHT),
    Route(path="/settings/widget", name="settings widget", post=switched, who=Who.STRONG, audiences=COMPANIES,
          right=_RIGHT),
)  # fmt: skip
