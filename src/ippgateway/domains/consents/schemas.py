"""What others say and see of consents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ippgateway.privacy.catalogue import EMAIL, FREE_TEXT, NEWS
from ippgateway.privacy.vocabulary import Category, Purpose

LASTS = timedelta(days=730)
"""How long a yes counts when nobody asks again. Our own rule: no law names a time."""

MARKETING: tuple[Purpose, ...] = (NEWS,)
"""What an objection to marketing ends, all of it (GDPR Article 21(3))."""


COVERED: Mapping[Purpose, frozenset[Category]] = {NEWS: frozenset({EMAIL, FREE_TEXT})}
"""What a yes covers, by what it was a yes to. It covers no card number: nobody is asked for that (CARD-4)."""


class Said(StrEnum):
    """What somebody said. An objection is a no to all marketing, for good unless they themselves say yes again."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class Channel(StrEnum):
    """By which way somebody is reached."""

    EMAIL = "email"


class How(StrEnum):
    """How it was said."""

    ACCOUNT = "account"  # on the page of one's own account
    SIGN_UP = "sign_up"
    LINK = "link"  # on the page that a letter's link leads to
    ONE_CLICK = "one_click"  # by the mail program's own button (RFC 8058)
    LETTER = "letter"  # told by one
    OPERATOR = "operator"  # somebody wrote or called, and we wrote it down


class What(StrEnum):
    """What happened with a version of the terms."""

    TOLD = "told"
    ACCEPTED = "accepted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Who it is about: a user's tenant and person; `code`: of their address, by which the proof is found."""

    tenant_id: str
    person_id: str
    code: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What exactly was shown: the policy's version that was in force, the language, and the text word by word."""

    version: str
    language: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of what somebody said. `shown`: of a yes."""

    at: datetime
    said: Said
    purpose: str
    channel: str
    how: str
    shown: Shown | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """What a letter's link is about, whether the yes to it still stands, and whether they said no to all marketing."""

    tenant_id: str
    person_id: str
    purpose: str
    channel: str
    stands: bool
    objected: bool
