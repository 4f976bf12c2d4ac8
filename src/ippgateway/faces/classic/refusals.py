"""Refusals: what the face says when it can't or won't (wire contract 3.1, R-02). No sentence ever quotes the caller."""

import re

from ippgateway.core.money import BadAmount, BadCurrency
from ippgateway.domains.accounts.errors import (
    AccountUnavailable,
    BadProfile,
    LastAdministrator,
    NoSuchPolicy,
    NoSuchUser,
    NotGranted,
    NotStrong,
    TicketSpent,
    TooManyFailures,
    WeakPassword,
    WrongCredentials,
)
from ippgateway.domains.checkouts.errors import BadCheckout, CheckoutNotFound
from ippgateway.domains.companies.errors import BadKey, BadMeta, CompanyNotFound, NoPartner, UnknownAcquirer
from ippgateway.domains.idempotency.errors import KeyReused, StillRunning
from ippgateway.domains.partners.errors import BadAccount, NotLetIn, PartnerNotFound, TooMuchData
from ippgateway.domains.payments.errors import (
    ActionRefused,
    ActionUnderWay,
    BadCard,
    CardErased,
    FunctionSwitchedOff,
    NothingOpen,
    PaymentNotFound,
    TooManyDeclines,
)

ACCOUNT_UNAVAILABLE = 4020

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class Refusal(Exception):
    """The request is not carried out. `code`: the envelope's; `message`: a sentence of our own."""

    def __init__(self, code: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s


def bad(name: str) -> Refusal:
    """A parameter that is missing or malformed. `name` is a word of the contract."""
    return Refusal(400, f"Invalid or missing parameter: {name}")


def not_found() -> Refusal:
    """An unknown path, an endpoint that is not built, or an object that is not the caller's."""
    return Refusal(404, "Not found")


def unauthorised() -> Refusal:
    """Missing, wrong or expired credentials; which of the three is not told."""
    return Refusal(401, "Missing, wrong or expired credentials")


def forbidden() -> Refusal:
    """Somebody whom we know, and who may not do that."""
    return Refusal(403, "You may not do that")


def may_not_move_money() -> Refusal:
    """A session that began with a password alone (facts, I.1)."""
    return Refusal(403, "This session may not move money: sign in with an application password")


_KNOWN: dict[type[Exception], tuple[int, str]] = {
    WrongCredentials: (401, "Wrong user or password"),
    AccountUnavailable: (ACCOUNT_UNAVAILABLE, "Account unavailable"),
    TicketSpent: (401, "Missing, wrong or expired credentials"),
    NotStrong: (403, "This session may not move money: sign in with an application password"),
    NotGranted: (403, "The company has not let its partner in"),
    NotLetIn: (403, "The company has not let its partner in"),
    LastAdministrator: (409, "Somebody has to be left who can manage the users"),
    NoPartner: (409, "The company has no partner"),
    NoSuchUser: (404, "Not found"),
    NoSuchPolicy: (404, "Not found"),
    WeakPassword: (400, "Invalid or missing parameter: password"),
    TooMuchData: (400, "Invalid or missing parameter: meta"),
    CompanyNotFound: (404, "Not found"),
    PartnerNotFound: (404, "Not found"),
    UnknownAcquirer: (404, "Not found"),
    CheckoutNotFound: (404, "Not found"),
    PaymentNotFound: (404, "Not found"),
    BadMeta: (400, "Invalid or missing parameter: value"),
    BadKey: (400, "Invalid or missing parameter: value"),
    BadAmount: (400, "Invalid or missing parameter: amount"),
    BadCurrency: (400, "Invalid or missing parameter: currency"),
    KeyReused: (409, "The Idempotency-Key was used before for another request"),
    StillRunning: (409, "The first request with this Idempotency-Key is still running"),
    NothingOpen: (409, "Nothing is open for that, or less than was asked for"),
    ActionUnderWay: (409, "Another action on this payment has no outcome yet; try again in a moment"),
    CardErased: (409, "Whoever paid was erased, and the card with them; nothing can be done with this payment"),
    FunctionSwitchedOff: (403, "This function is switched off for the company"),
    TooManyDeclines: (429, "Too many declined payments"),
}


def refusal_for(error: Exception) -> Refusal | None:
    """The refusal that a room's error means on this wire, or None when the error is not an expected one."""
    match error:
        case Refusal():
            return error
        case BadProfile(field="rights"):
            return forbidden()  # of rights that nobody has, none are told to the face; so it is one of others
        case BadCheckout(field=field) | BadCard(field=field) | BadProfile(field=field) | BadAccount(field=field):
            return bad(field if _FIELD.fullmatch(field) else "request")
        case ActionRefused(reason=reason):
            return Refusal(409, f"The acquirer refused: {reason}")
        case TooManyFailures(retry_after_s=seconds):
            return Refusal(429, "Too many failed attempts", retry_after_s=seconds)
    known = _KNOWN.get(type(error))
    return Refusal(*known) if known else None
