"""What carries a letter: fulfilled by `connectors.smtp`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ippgateway.core.secret import Secret
from ippgateway.privacy.catalogue import MAIL
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Purpose


class Failure(StrEnum):
    """Why a letter was not taken. All that is ever said about it: a server's own words may name somebody."""

    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    NO_ENCRYPTION = "no_encryption"  # no TLS, an old version, or a certificate that nobody of ours trusts
    POSTPONED = "postponed"  # a 4yz: not now
    TURNED_AWAY = "turned_away"  # a 5yz to us and not to the letter: our name, our password, our sender
    REFUSED = "refused"  # a 5yz to this letter
    BAD_ADDRESS = "bad_address"  # nothing that a mail server could be told
    NOT_ALLOWED = "not_allowed"  # the gate is shut: nothing was sent

    @property
    def for_good(self) -> bool:
        """It lies in the letter itself: sending it again can't help (RFC 5321, 4.2.1)."""
        return self in (Failure.REFUSED, Failure.BAD_ADDRESS)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Outgoing:
    """A letter on its way. `id`: the same one each time that it is sent, so that a mail system may know it again.
    `purpose`: what it serves; `about`: whose yes is asked for at the gate, where the purpose rests on one. `stop`: of
    marketing, the address that a mail program may post to so that no more of it comes (RFC 8058)."""

    id: str
    to: Secret[str]
    subject: str
    text: Secret[str]
    language: str
    at: datetime
    purpose: Purpose = MAIL
    about: Person | None = None
    stop: Secret[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """How handing it over ended. `status`: of SMTP, when there was one; `failure` is None when it was taken."""

    status: int | None
    failure: Failure | None


class Carrier(Protocol):
    """Hands letters to a mail server, encrypted wherever it is another machine."""

    @property
    def timeout_s(self) -> float:
        """The longest that one letter may take."""
        ...

    async def send(self, letter: Outgoing) -> Handed:
        """Hand it over once. Whatever goes wrong is an answer; raises nothing but NetworkInsideTransaction."""
        ...


class Permits(Protocol):
    """Knows whether somebody agreed to marketing. Asked right before a letter goes."""

    async def __call__(self, *, tenant_id: str, person_id: str) -> Secret[str] | None:
        """The address that stops it; None when it may not be sent."""
        ...
