"""What calls a shop's address: fulfilled by `connectors.notify`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ippgateway.core.secret import Secret


class Failure(StrEnum):
    """Why a call was no 2xx. All that is ever said about it: the address itself may name somebody."""

    TIMEOUT = "timeout"
    HTTP_STATUS = "http_status"
    NO_CONNECTION = "no_connection"
    REFUSED_ADDRESS = "refused_address"  # private, loopback, or otherwise none of the public network
    REFUSED_PLAIN = "refused_plain"  # not encrypted, and neither a test nor this machine (CARD-2)
    BAD_URL = "bad_url"
    NOT_ALLOWED = "not_allowed"  # the gate is shut: nothing was sent

    @property
    def for_good(self) -> bool:
        """It lies in the address itself: calling again can't help."""
        return self in (Failure.REFUSED_PLAIN, Failure.BAD_URL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How one call ended. `status`: of HTTP, when there was an answer; `failure` is None for a 2xx."""

    status: int | None
    failure: Failure | None


class Sender(Protocol):
    """Makes one GET: no redirect followed, no address outside the public network unless allowed."""

    @property
    def timeout_s(self) -> float:
        """The longest that one call may take (R-48: 10 s)."""
        ...

    async def get(self, url: Secret[str], *, allow_plain: bool) -> Answer:
        """Call once. Whatever goes wrong is an answer; raises nothing but NetworkInsideTransaction."""
        ...
