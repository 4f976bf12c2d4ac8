"""A person's rights follow from the declarations: a table of tomorrow is shown and erased because it is declared."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped

from ippgateway.connectors.threeds import messages
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.schemas import Browser
from ippgateway.privacy import policy
from ippgateway.privacy.catalogue import (
    BOOKKEEPING,
    BOOKKEEPING_TERM,
    BOOKS,
    CARD_TERM,
    CREDENTIAL,
    DEVICE,
    DIRECTORY_SERVER,
    ERASURE,
    IP_ADDRESS,
    NAME,
    OWN_DATA,
    PAYMENT,
    SERVICE,
    UNTIL_ACCOUNT_ENDS,
    VISIT_TERM,
)
from ippgateway.privacy.declare import (
    ID,
    MAIN,
    Access,
    Declares,
    Table,
    declaration_of,
    declared,
    linking,
    personal,
    plain,
    readable,
    terms_over,
)
from ippgateway.privacy.registry import load, tables
from ippgateway.privacy.rights.reach import ends_on, keepers, reached
from ippgateway.privacy.vocabulary import HeldAs, Undeclared, Words

pytestmark = pytest.mark.filterwarnings("ignore:This declarative base already contains a class")

SAYS = Declares(
    about=Words(en="probes", da="prøver"), tenant="company_id", owner="person_id", held_as=HeldAs.PROCESSOR,
    access=(Access(PAYMENT, insert=True),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    load()
    before = set(MAIN.tables)
    yield
    for name in set(MAIN.tables) - before:
        MAIN.remove(MAIN.tables[name])


def test_a_new_table_is_shown_and_erased_without_anybody_saying_so() -> None:
    class Probe(Table):
        __tablename__ = "probe_rights"
        __declares__ = SAYS
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = linking(ID, primary_key=True)
        terms_over: Mapped[list[str]] = terms_over()
        note: Mapped[bytes] = personal(NAME, uses={PAYMENT}, keep=CARD_TERM, sealed=SERVICE)
        book: Mapped[bytes] = personal(NAME, uses={PAYMENT}, keep=BOOKKEEPING_TERM, sealed=BOOKKEEPING)
        proof: Mapped[bytes] = personal(CREDENTIAL, uses={PAYMENT}, keep=CARD_TERM)

    table = MAIN.tables["ipp.probe_rights"]
    own, erasing = declared(table).access_of(OWN_DATA), declared(table).access_of(ERASURE)
    assert own is not None
    assert erasing is not None
    assert readable(table, own) == ("company_id", "person_id", "terms_over", "note", "book")
    assert readable(table, erasing) == ("company_id", "person_id", "terms_over")
    assert erasing.update == ("note", "proof")
    assert (own.update, own.insert, own.delete, erasing.insert, erasing.delete) == ((), False, False, False, False)


def test_every_table_about_people_is_reached_or_says_that_it_is_about_codes() -> None:
    about_people = {t.name for t in tables(MAIN) if declared(t).owner is not None}
    assert about_people - {each.table.name for each in reached()} == {"sign_in_failure", "decline_count", "data_link"}
    assert keepers() == {BOOKS}


def test_whoever_pays_is_told_of_every_table_that_can_be_about_them() -> None:
    """PLACE-1: visits are ours and about payers all the same; 3-D Secure is told what no table keeps."""
    told = {each.category: each for each in policy.for_payers().told}
    for table in tables(MAIN):
        if (declared(table).held_as == HeldAs.PROCESSOR and declared(table).owner) or declared(table).about_payers:
            assert {d.category for c in table.c if (d := declaration_of(c)).category is not None} <= set(told)
    about_payers = {t.name for t in tables(MAIN) if declared(t).about_payers}
    assert about_payers == {"data_request", "disclosure", "visit", "visit_page"}
    for category in (IP_ADDRESS, DEVICE):
        assert told[category].recipients == (DIRECTORY_SERVER,)
        assert VISIT_TERM in told[category].terms


def test_what_3_d_secure_is_told_of_a_browser_is_declared_as_passed_on() -> None:
    """Each browser field of an AReq belongs to a category that the policy says is passed on."""
    browser = Browser(user_agent=Secret("u"), accept=Secret("a"), language="da", ip=Secret("192.0.2.9"))
    sent = {name for name in messages._browser(browser) if name.startswith("browser")}
    assert {"browserIP", "browserUserAgent"} <= sent
    for category in (IP_ADDRESS, DEVICE):
        assert policy.PASSED_ON[category] == {DIRECTORY_SERVER}


def test_what_the_law_keeps_is_sealed_for_its_ground() -> None:
    with pytest.raises(Undeclared, match="kept by law"):

        class Probe(Table):
            __tablename__ = "probe_rights"
            __declares__ = SAYS
            company_id: Mapped[str] = plain(ID, primary_key=True)
            person_id: Mapped[str] = linking(ID, primary_key=True)
            book: Mapped[str] = personal(NAME, String(40), uses={PAYMENT}, keep=BOOKKEEPING_TERM)


def test_what_nobody_could_empty_is_not_declared() -> None:
    with pytest.raises(Undeclared, match="can't be emptied"):

        class Probe(Table):
            __tablename__ = "probe_rights"
            __declares__ = SAYS
            company_id: Mapped[str] = plain(ID, primary_key=True)
            person_id: Mapped[str] = linking(ID, primary_key=True)
            tree: Mapped[object] = personal(NAME, JSON(), uses={PAYMENT}, keep=CARD_TERM, nullable=False)


@pytest.mark.parametrize(
    ("since", "end"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), date(2031, 12, 31)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2031, 12, 31)),
        (datetime(2024, 2, 29, tzinfo=UTC), date(2029, 12, 31)),
    ],
)
def test_books_end_five_years_after_their_financial_year(since: datetime, end: date) -> None:
    assert ends_on(BOOKKEEPING_TERM, since) == end


def test_other_terms_are_counted_in_days_or_wait_for_an_event() -> None:
    assert ends_on(CARD_TERM, datetime(2026, 11, 24, 3, tzinfo=UTC)) == date(2028, 5, 17)
    assert ends_on(UNTIL_ACCOUNT_ENDS, datetime(2026, 11, 24, tzinfo=UTC)) is None
    assert ends_on(CARD_TERM, None) is None
