"""What the other rooms and the faces know of access records."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ippgateway.domains.checkouts.schemas import CheckoutRef

_KEY = "ippgateway.visitor"


class Surface(StrEnum):
    """Where somebody was."""

    SITE = "site"
    PAGE = "page"
    """The payer's pages on our own origin."""
    WIDGET = "widget"
    """The payment form inside a shop's page."""
    CONSOLE = "console"
    DESK = "desk"
    API = "api"


@dataclass(kw_only=True, slots=True, eq=False)
class Visitor:
    """What is found out about one request while it is served. None of it but `page` and `checkout_id` is ever
    stored as it is."""

    surface: Surface | None = None
    """None: no visit (a file, a health check)."""
    page: str = ""
    """The page's own name, a word of the program; never a path."""
    company_id: str = ""
    checkout_id: str = ""
    """The id of our own, not the bearer secret."""

    @property
    def acting(self) -> bool:
        """Whether a company proved that it asks. Nobody else is taken for the company's owner."""
        return bool(self.company_id) and not self.checkout_id

    def pays(self, checkout: CheckoutRef) -> None:
        """A checkout's bearer secret was shown, and it was right: this is its payer, unless a company's key says that
        the shop asks for them."""
        if not self.acting:
            self.company_id, self.checkout_id = checkout.company_id, checkout.id

    def acts_for(self, company_id: str) -> None:
        """A company's key or session was shown, and it was right."""
        self.company_id, self.checkout_id = company_id, ""


def visitor_of(scope: MutableMapping[str, Any]) -> Visitor:
    """Whoever sent this request; the same object for everybody who serves it."""
    found = scope.get(_KEY)
    if not isinstance(found, Visitor):
        found = scope[_KEY] = Visitor()
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """Who is at the other end: the address, and what the client says it is (cut, and never stored)."""

    address: str
    agent: str
    host: str
    """The name under which we were called: pages report their time to the origin that they came from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A page view as it is written. `seconds`: how long it could be seen, as far as that is known."""

    number: int
    page: str
    at: datetime
    seconds: int | None
    new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is to be written of a visit. `person_id`: empty until it was looked up, once, when the visit is new."""

    id: str
    company_id: str
    checkout_id: str
    person_id: str
    surface: Surface
    address: str
    agent: str
    began_at: datetime
    last_at: datetime
    requests: int
    pages: tuple[Written, ...]
    new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PageView:
    """A page view as it is read."""

    page: str
    at: datetime
    seconds: int | None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class VisitView:
    """A visit as it is read. Not printable: it says who was where."""

    id: str
    surface: Surface
    address: str
    browser: str
    system: str
    began_at: datetime
    last_at: datetime
    requests: int
    pages: tuple[PageView, ...] = field(default=())

    @property
    def length_s(self) -> int:
        """How long the visit lasted, as far as we can tell."""
        return int((self.last_at - self.began_at).total_seconds())
