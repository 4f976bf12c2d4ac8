"""What can go wrong with accounts. At sign-in, none of them says which part was wrong or who exists."""

from enum import StrEnum


class WrongCredentials(Exception):
    """Unknown user or wrong password; the two are not told apart."""


class AccountUnavailable(Exception):
    """The right password of a user, company or partner that is blocked or closed."""


class TooManyFailures(Exception):
    """Failed attempts on this name, or from this network, came too fast; try again later."""

    def __init__(self, retry_after_s: int, *, of_network: bool = False) -> None:
        super().__init__("too many failed attempts")
        self.retry_after_s = retry_after_s
        self.of_network = of_network


class WrongFactor(Exception):
    """A code, passkey or recovery code that proves nothing."""


class Weakness(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_LETTER_OR_DIGIT = "no_letter_or_digit"
    KNOWN = "known"
    """It is in a list of passwords that leaked, or easy to guess from what is known of its owner."""


class WeakPassword(Exception):
    """A new password is not good enough. `why` is for the page; the password is in no message."""

    def __init__(self, why: Weakness, at_least: int) -> None:
        super().__init__(why.value)
        self.why = why
        self.at_least = at_least


class TicketSpent(Exception):
    """A link that was used, is too old, or never was one."""


class NotStrong(Exception):
    """It takes a second factor that was proven a moment ago."""


class LastAdministrator(Exception):
    """Nobody could manage the tenant's users any more."""


class LastFactor(Exception):
    """Our staff is never without a second factor: another one is added first."""


class NoSuchUser(Exception):
    """The tenant has no such user."""


class NoSuchPolicy(Exception):
    """The tenant has no such access policy."""


class PolicyInUse(Exception):
    """An access policy that users have can't be removed."""


class NotGranted(Exception):
    """The customer gave no leave to come in, or took it back (wire contract R-55)."""


class BadProfile(Exception):
    """A name, address, telephone number or right that can't be one. `field`: a word of ours."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
