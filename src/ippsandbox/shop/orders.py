"""Orders, in memory: they end with the process, and the oldest give way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ippsandbox.shop.provider import Checkout
from ippsandbox.shop.things import Thing

MOST_ORDERS = 500
MOST_NOTICES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A notification whose outcome the shop asked for: `ACK`, `NOK` or `WAIT`."""

    transaction_id: str
    result: str
    at: datetime


@dataclass(kw_only=True, slots=True)
class Order:
    """What somebody chose to buy. `token` names it in addresses and can't be guessed; `number` is for people.

    No name, address or card: an e-mail address that the buyer gives goes to the Platform and is not kept here.
    """

    token: str
    number: str
    thing: Thing
    language: str
    checkout: Checkout | None = None
    paid: bool = False
    notices: list[Notice] = field(default_factory=list)

    def note(self, notice: Notice) -> None:
        """Remember a notification; the first of each transaction counts."""
        if len(self.notices) < MOST_NOTICES and self.notice_of(notice.transaction_id) is None:
            self.notices.append(notice)

    def notice_of(self, transaction_id: str) -> Notice | None:
        """The notification of one transaction, if it has come."""
        return next((n for n in self.notices if n.transaction_id == transaction_id), None)


class Orders:
    """The newest five hundred."""

    def __init__(self, *, now: Callable[[], datetime], new_token: Callable[[], str]) -> None:
        """`new_token`: at least 16 random letters, digits, `-` or `_`."""
        self._now = now
        self._new_token = new_token
        self._orders: dict[str, Order] = {}
        self._made = 0

    def __len__(self) -> int:
        return len(self._orders)

    def draft(self, thing: Thing, language: str) -> Order:
        """A new order, not kept yet."""
        self._made += 1
        number = f"{self._now():%y%m%d-%H%M%S}-{self._made}"
        return Order(token=self._new_token(), number=number, thing=thing, language=language)

    def keep(self, order: Order) -> None:
        """Remember it, and forget the oldest when there are too many."""
        self._orders[order.token] = order
        if len(self._orders) > MOST_ORDERS:
            del self._orders[next(iter(self._orders))]

    def find(self, token: str) -> Order | None:
        """The order of this token, while it is remembered."""
        return self._orders.get(token)
