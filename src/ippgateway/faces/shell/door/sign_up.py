"""Signing up: a shop, a partner, a reseller, or a person. Whoever signs up is a tenant of their own, so the answer is
the same whether the address is known or not; a letter asks whether it is theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, TooManyFailures, WeakPassword
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.errors import BadAccount
from ippgateway.domains.partners.schemas import AccountKind, Doubt, NewAccount
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door import sign_up_words, words
from ippgateway.faces.shell.door.common import REFUSED, page, told_when, wait, weak
from ippgateway.faces.shell.door.countries import COUNTRIES
from ippgateway.faces.shell.door.why import Why, why
from ippgateway.faces.shell.house import House
from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.policy import People, for_payers, places_of
from ippgateway.privacy.vocabulary import Words

_LONGEST_NAME = 200
_HANDLED = {"own": in_places(places_of(People.USERS)), "payers": in_places(places_of(People.PAYERS))}
"""What the terms say of places, shown before anybody agrees to them (PLACE-1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """As whom somebody signs up. `key`: the address's word for it; `company`: whether a company is asked for."""

    key: str
    kind: AccountKind
    words: Words
    more: Words

    @property
    def company(self) -> bool:
        """Whether it is a company that signs up."""
        return self.kind is not AccountKind.PUBLIC


KINDS: Mapping[str, Kind] = {
    each.key: each
    for each in (
        Kind(key="shop", kind=AccountKind.COMPANY, words=sign_up_words.SHOP, more=sign_up_words.SHOP_MORE),
        Kind(key="partner", kind=AccountKind.PARTNER, words=sign_up_words.PARTNER, more=sign_up_words.PARTNER_MORE),
        Kind(key="reseller", kind=AccountKind.RESELLER, words=sign_up_words.RESELLER, more=sign_up_words.RESELLER_MORE),
        Kind(key="person", kind=AccountKind.PUBLIC, words=sign_up_words.PERSON, more=sign_up_words.PERSON_MORE),
    )
}
_WRONG = {
    "name": words.NAME_BAD,
    "email": words.EMAIL_BAD,
    "company": sign_up_words.COMPANY_BAD,
    "company_name": sign_up_words.COMPANY_BAD,
    "country": sign_up_words.COUNTRY_BAD,
    "number": sign_up_words.NUMBER_BAD,
}


async def show(house: House, ask: Ask) -> Response:
    """The form; a shop's unless the address says another."""
    return _form(house, ask, KINDS.get(ask.query.get("kind", ""), KINDS["shop"]))


async def take(house: House, ask: Ask) -> Response:
    """A new tenant with its first user, who is signed in and lands where the keys are."""
    kind = KINDS.get(ask.form.get("kind", ""), KINDS["shop"])
    if ask.form.get("terms", "") not in ("", accounts.terms_in_force(house.platform)):
        return _form(house, ask, kind, problem=sign_up_words.TERMS_CHANGED, status=REFUSED)
    wrong, sure = _missing(ask, kind), ""
    if kind.company and "number" not in wrong and "country" not in wrong:
        doubt, sure = _number(ask)
        wrong |= doubt
    if wrong:
        return _form(house, ask, kind, wrong=wrong, sure=sure, problem=sign_up_words.CHECK_FORM, status=REFUSED)
    try:
        signed_in, _ = await partners.sign_up(house.platform, house.breaches, _account(ask, kind))
    except (BadAccount, BadProfile) as error:
        wrong = {"company" if error.field == "company_name" else error.field: _WRONG[error.field]}
    except WeakPassword as error:
        wrong = {"password": weak(error)}
    except TooManyFailures as error:
        return told_when(_form(house, ask, kind, problem=wait(house, ask, error), status=429), error)
    else:
        return house.let_in(signed_in, "/")
    return _form(house, ask, kind, wrong=wrong, sure=sure, problem=sign_up_words.CHECK_FORM, status=REFUSED)


def _missing(ask: Ask, kind: Kind) -> dict[str, Words]:
    """What was left out, or can't be."""
    asked = ("company", "country", "number", "name", "email") if kind.company else ("name", "email")
    wrong = {field: _WRONG[field] for field in asked if not 0 < len(ask.form.get(field, "")) <= _LONGEST_NAME}
    if kind.company and ask.form.get("country", "") not in COUNTRIES:
        wrong["country"] = sign_up_words.COUNTRY_BAD
    if not ask.form.get("terms"):
        wrong["terms"] = sign_up_words.TERMS_MISSING  # a program's form, or one from before: nobody saw a version
    return wrong


def _number(ask: Ask) -> tuple[dict[str, Words], str]:
    """What is wrong with a company number; and the number itself, once whoever typed it was told of a doubt. Sent once
    more as it stands, it is taken (standards, H.3: warn, not block)."""
    number = ask.form["number"]
    try:
        doubt = partners.check_number(ask.form["country"], number).doubt
    except BadAccount as error:
        return {error.field: _WRONG[error.field]}, ""
    if doubt is not Doubt.CHECK_DIGIT:
        return {}, ""
    return {} if ask.form.get("sure") == number else {"number": sign_up_words.NUMBER_DOUBT}, number


def _account(ask: Ask, kind: Kind) -> NewAccount:
    company: dict[str, Any] = {}
    if kind.company:
        company = {"company_name": ask.form["company"], "country": ask.form["country"], "number": ask.form["number"]}
    return NewAccount(
        kind=kind.kind, email=ask.form["email"], name=ask.form["name"], password=ask.secret("password"),
        arrival=ask.arrival, language=ask.language.value, **company,
    )  # fmt: skip


def _form(
    house: House,
    ask: Ask,
    kind: Kind,
    *,
    wrong: Mapping[str, Words] | None = None,
    problem: Words | None = None,
    sure: str = "",
    status: int = 200,
) -> Response:
    pay = house.platform.origins.get("pay")
    return page(
        house, ask, "sign_up.html", title=sign_up_words.TITLE, status=status, u=sign_up_words, kinds=KINDS, kind=kind,
        countries=tuple(COUNTRIES.items()), why=_why(kind), wrong=wrong or {}, problem=problem, sure=sure,
        terms_version=accounts.terms_in_force(house.platform), handled=_HANDLED,
        policy_version=for_payers().version, policy_url=f"{pay}/pay/terms?lang={ask.language}" if pay else None,
    )  # fmt: skip


def _why(kind: Kind) -> dict[str, Why]:
    """Why each field is asked for: what is declared where it will be stored."""
    table = "company" if kind.kind is AccountKind.COMPANY else "partner"
    told = {"name": why("app_user", "name"), "email": why("app_user", "email"), "password": why("credential", "hash")}
    return told | ({"company": why(table, "name"), "number": why(table, "meta")} if kind.company else {})
