"""The privacy policy, to everybody: its lists are read from the declarations, its sentences are `policy_words`."""

from ippgateway.privacy.interests import BALANCED
from ippgateway.privacy.papers import policy_words as words
from ippgateway.privacy.papers.common import SEALED, WHY, because, kept_for, received_by
from ippgateway.privacy.papers.paper import Entry, Fact, Paper, Section
from ippgateway.privacy.policy import Kept, People, kept_about
from ippgateway.privacy.zones import PURPOSES


def policy_paper() -> Paper:
    """The page."""
    return Paper(key="privacy", title=words.TITLE, sections=(
        *words.BEFORE, *(_about(people) for people in People), words.APPLICANTS, _interests(), *words.AFTER,
    ))  # fmt: skip


def _about(people: People) -> Section:
    title, texts = words.ABOUT[people]
    return Section(
        key=people.value, title=title, texts=texts, entries=tuple(_entry(each) for each in kept_about(people))
    )


def _entry(kept: Kept) -> Entry:
    return Entry(key=kept.category.key, title=kept.category.words, facts=(
        Fact(name=WHY, says=tuple(because(use.words, use.basis) for use in kept.uses)),
        kept_for(kept.terms), received_by(kept.recipients),
        Fact(name=SEALED, says=(words.SEALED if kept.sealed else words.NOT_SEALED,)),
    ))  # fmt: skip


def _interests() -> Section:
    """Each legitimate interest with what was weighed: the person may ask for it, so it stands here."""
    entries = tuple(
        Entry(key=purpose.key, title=purpose.words, facts=(
            Fact(name=words.WHOSE, says=(test.whose,)), Fact(name=words.NEED, says=(test.need,)),
            Fact(name=words.BALANCE, says=(test.balance,)), Fact(name=words.SAFEGUARDS, says=test.safeguards),
            Fact(name=words.OBJECTION, says=(test.objection,)),
        ))
        for purpose, test in ((each, BALANCED[each]) for each in PURPOSES if each in BALANCED)
    )  # fmt: skip
    return Section(key="interests", title=words.INTERESTS, texts=words.INTERESTS_LEAD, entries=entries)
