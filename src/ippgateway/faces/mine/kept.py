"""What is kept of asking for a link, read from the declarations, for beside the field that asks."""

from dataclasses import dataclass

from ippgateway.faces.mine import link_words as words
from ippgateway.privacy import registry
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.vocabulary import Purpose, Recipient, Term, Words
from ippgateway.privacy.zones import RIGHTS, Zone

_OF_ASKING = (
    (words.LETTER, "letter", "address"),
    (words.ADDRESS_CODE, "data_link", "email_code"),
    (words.NETWORK_CODE, "sign_in_failure", "place_code"),
)
_HERE = RIGHTS[Zone.CONSOLE].purposes | RIGHTS[Zone.WORKER].purposes
"""The purposes that somebody can have here; those of the desk are for our staff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Something that is kept: why, how long, and who gets it."""

    what: Words
    purposes: tuple[Purpose, ...]
    term: Term
    recipients: tuple[Recipient, ...]


def kept_of_asking() -> tuple[Kept, ...]:
    """What is kept, the address itself first."""
    registry.load()
    return tuple(_kept(*each) for each in _OF_ASKING)


def _kept(what: Words, table: str, column: str) -> Kept:
    said = declaration_of(MAIN.tables[f"ipp.{table}"].c[column])
    assert said.keep is not None  # noqa: S101 - personal fields say so
    return Kept(
        what=what, term=said.keep, recipients=tuple(sorted(said.to, key=lambda each: each.key)),
        purposes=tuple(sorted(said.uses & _HERE, key=lambda each: each.key)),
    )  # fmt: skip
