"""Passwords: which are good enough, and how they are kept."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import matching, scoring

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import Weakness, WeakPassword
from ippgateway.domains.accounts.ports import Breaches

LONGEST = 128

# OWASP's minimum for Argon2id (facts, I.1): 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Hashing is work for a processor; more at once than processors only makes everybody wait.
_HASHING = asyncio.Semaphore(2)

# Whoever tries passwords at random finds one of so many (zxcvbn: 10^8 costs an online guesser years, 10^10 a thief of
# the hashes).
_GUESSES = 10**8
_GUESSES_ALONE = 10**10
_JUDGED = 72
# What a sign may stand for multiplies; beyond this the estimate takes a second and more, whoever asks for it.
_MOST_READINGS = 20_000
_ONE_READING = str.maketrans("48@({[<3691!|0$57+%2", "abacccceggiilossttxz")
_WORD = re.compile(r"[^\W_]{3,}")
_OURS = ("ippgateway", "ipp", "gateway", "payment", "betaling", "adgangskode", "kodeord")


class Rule(StrEnum):
    """Which rule a new password follows (facts, I.1 and B.3; wire contract R-13)."""

    BROWSER = "browser"
    """It is all that proves its user: 15 characters (NIST SP 800-63B-4)."""
    WITH_FACTOR = "with_factor"
    """A second factor stands beside it: 12 with a letter and a digit (PCI DSS 8.3.6), or one that would do alone, so
    that nobody has to change a longer one for adding a factor (ASVS 6.2.5)."""
    WIRE_NEW = "wire_new"
    """A user made over the wire: 8."""
    WIRE_RESET = "wire_reset"
    """A new one over the wire: 12 to 99 with lower, upper, digit and special characters, none of them blank."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Terms:
    at_least: int
    at_most: int = LONGEST
    contains: tuple[str, ...] = ()
    guesses: int = 0
    """How many guesses it must withstand; nothing is asked of a wire password."""


_TERMS = {
    Rule.BROWSER: _Terms(at_least=15, guesses=_GUESSES_ALONE),
    Rule.WITH_FACTOR: _Terms(at_least=12, contains=(r"[^\W\d_]", r"\d"), guesses=_GUESSES),
    Rule.WIRE_NEW: _Terms(at_least=8),
    Rule.WIRE_RESET: _Terms(
        at_least=12, at_most=99, contains=(r"[a-zæøå]", r"[A-ZÆØÅ]", r"[0-9]", r"[^\w\s]|_", r"\A\S+\Z")
    ),
}


async def require_good(breaches: Breaches, password: Secret[str], *, rule: Rule, about: tuple[str, ...] = ()) -> None:
    """Raises WeakPassword. `about`: what a guesser knows of its owner (address, name, company). May call out."""
    typed = _typed(password)
    terms = _terms(rule, typed)
    if len(typed) < terms.at_least:
        raise WeakPassword(Weakness.TOO_SHORT, terms.at_least)
    if len(typed) > terms.at_most:
        raise WeakPassword(Weakness.TOO_LONG, terms.at_least)
    if not _contains(typed, terms):
        raise WeakPassword(Weakness.NO_LETTER_OR_DIGIT, terms.at_least)
    if not terms.guesses:
        return
    if await asyncio.to_thread(_guesses, typed, about) < terms.guesses or await breaches.leaked(Secret(typed)):
        raise WeakPassword(Weakness.KNOWN, terms.at_least)


def _terms(rule: Rule, typed: str) -> _Terms:
    terms, alone = _TERMS[rule], _TERMS[Rule.BROWSER]
    if rule is Rule.WITH_FACTOR and len(typed) >= alone.at_least and not _contains(typed, terms):
        return alone
    return terms


def _contains(typed: str, terms: _Terms) -> bool:
    return all(re.search(pattern, typed) for pattern in terms.contains)


async def hash_password(password: Secret[str]) -> str:
    """What is stored of a password: Argon2id with its parameters and salt."""
    async with _HASHING:
        return await asyncio.to_thread(_HASHER.hash, _typed(password))


async def fits(hashed: str, password: Secret[str]) -> bool:
    """Whether it is the password. One that is too long to be anybody's costs as much, and never is."""
    typed = _typed(password)
    async with _HASHING:
        try:
            await asyncio.to_thread(_HASHER.verify, hashed, typed[:LONGEST])
        except (Argon2Error, InvalidHashError):
            return False
    return len(typed) <= LONGEST


def outdated(hashed: str) -> bool:
    """Whether it was hashed with less than we ask for today: hash it anew while the password is at hand."""
    try:
        return _HASHER.check_needs_rehash(hashed)
    except InvalidHashError:
        return False


def nobodys() -> str:
    """A hash that no password fits, for names that nobody has: looking at it takes as long as at somebody's."""
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


def _typed(password: Secret[str]) -> str:
    """The password as it is hashed: the same letters are the same, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password.open())


def _guesses(typed: str, about: tuple[str, ...]) -> float:
    """How many guesses a good guesser takes. Nothing of it stays in memory, as it would with the library's own front
    (`zxcvbn.zxcvbn` keeps what it knows of the owner)."""
    text = typed[:_JUDGED]
    if _readings(text) * len(text) ** 2 > _MOST_READINGS:
        text = text.translate(_ONE_READING)
    known = [word for each in (*about, *_OURS) for word in _WORD.findall(each.lower())]
    words = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(known)}
    return float(scoring.most_guessable_match_sequence(text, matching.omnimatch(text, words))["guesses"])


def _readings(text: str) -> int:
    """In how many ways its signs can be read as letters."""
    return prod(len(signs) for signs in matching.relevant_l33t_subtable(text, matching.L33T_TABLE).values())
