"""A table or word that says too little of itself stops the program where it is written: at import."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Column, Integer, LargeBinary, String
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Mapped, mapped_column

from ippgateway.privacy.catalogue import EMAIL, NOTIFY, PAYMENT, SERVICE, UNTIL_ACCOUNT_ENDS
from ippgateway.privacy.declare import (
    ID,
    KEYS,
    MAIN,
    Access,
    Declares,
    KeyTable,
    Table,
    personal,
    plain,
    terms_over,
)
from ippgateway.privacy.registry import load, tables
from ippgateway.privacy.vocabulary import (
    Basis,
    HeldAs,
    Place,
    Purpose,
    Recipient,
    SaleOfPersonalData,
    Undeclared,
    Words,
)

# The class names repeat; SQLAlchemy forgets those that failed only when they are collected.
pytestmark = pytest.mark.filterwarnings("ignore:This declarative base already contains a class")

ABOUT = Words(en="probes", da="prøver")


@pytest.fixture(autouse=True)
def _only_for_this_test() -> Iterator[None]:
    load()
    before = [(of, set(of.tables)) for of in (MAIN, KEYS)]
    yield
    for of, names in before:
        for name in set(of.tables) - names:
            of.remove(of.tables[name])


def declares(*access: Access, owner: str | None = "person_id", tenant: str | None = "company_id") -> Declares:
    return Declares(about=ABOUT, tenant=tenant, owner=owner, held_as=HeldAs.PROCESSOR, access=access)


def a_table_that_is_complete() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT, insert=True))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        terms_over: Mapped[list[str]] = terms_over()
        email: Mapped[bytes] = personal(EMAIL, uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)

    return Probe


def without_declaration() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        company_id: Mapped[str] = plain(ID, primary_key=True)

    return Probe


def undeclared_column() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(owner=None)
        company_id: Mapped[str] = plain(ID, primary_key=True)
        note: Mapped[str] = mapped_column(String(40))

    return Probe


def column_of_an_annotation_alone() -> type:
    class Probe(KeyTable):
        __tablename__ = "probe"
        __declares__ = declares(owner=None)
        company_id: Mapped[str] = plain(ID, primary_key=True)
        note: Mapped[int]

    return Probe


def column_added_later() -> type:
    probe = a_table_that_is_complete()
    probe.note = Column("note", String(40))  # type: ignore[attr-defined]
    return probe


def table_past_the_classes() -> SqlTable:
    return SqlTable("probe", MAIN, Column("id", Integer()))


def personal_without_owner() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT), owner=None)
        company_id: Mapped[str] = plain(ID, primary_key=True)
        email: Mapped[bytes] = personal(EMAIL, uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS)

    return Probe


def owner_that_is_no_column() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT), owner="person_id")
        company_id: Mapped[str] = plain(ID, primary_key=True)

    return Probe


def tenant_that_is_no_column() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(owner=None, tenant="shop_id")
        company_id: Mapped[str] = plain(ID, primary_key=True)

    return Probe


def sealed_with_another_type() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        email: Mapped[str] = personal(EMAIL, String(80), uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)

    return Probe


def sealed_column_made_text_afterwards() -> type:
    column = personal(EMAIL, uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    column.column.type = String(80)

    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        email: Mapped[str] = column

    return Probe


def purpose_without_access() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        email: Mapped[bytes] = personal(EMAIL, uses={PAYMENT, NOTIFY}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)

    return Probe


def term_whose_end_is_noted_nowhere() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        email: Mapped[bytes | None] = personal(EMAIL, uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)

    return Probe


def looked_up_without_being_a_use() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT), Access(NOTIFY, only=("company_id", "email")))
        company_id: Mapped[str] = plain(ID, primary_key=True)
        person_id: Mapped[str] = plain(ID)
        email: Mapped[bytes] = personal(EMAIL, LargeBinary(), uses={PAYMENT}, keep=UNTIL_ACCOUNT_ENDS)

    return Probe


def change_of_a_column_that_is_not_there() -> type:
    class Probe(Table):
        __tablename__ = "probe"
        __declares__ = declares(Access(PAYMENT, update=("emial",)), owner=None)
        company_id: Mapped[str] = plain(ID, primary_key=True)

    return Probe


def test_a_table_that_says_everything_is_taken() -> None:
    assert a_table_that_is_complete().__name__ == "Probe"
    assert "probe" in {t.name for t in tables(MAIN)}


@pytest.mark.parametrize(
    "written",
    [
        without_declaration,
        undeclared_column,
        column_of_an_annotation_alone,
        column_added_later,
        table_past_the_classes,
        personal_without_owner,
        owner_that_is_no_column,
        tenant_that_is_no_column,
        sealed_with_another_type,
        sealed_column_made_text_afterwards,
        purpose_without_access,
        looked_up_without_being_a_use,
        change_of_a_column_that_is_not_there,
    ],
    ids=lambda f: f.__name__,
)
def test_a_table_that_says_too_little_stops_the_program(written: Callable[[], object]) -> None:
    with pytest.raises(Undeclared):
        written()


def test_a_table_that_got_past_is_found_before_grants_are_made() -> None:
    a_table_that_is_complete()
    MAIN.tables["ipp.probe"].info.clear()
    with pytest.raises(Undeclared):
        tables(MAIN)


@pytest.mark.parametrize("words", [{"en": "payers", "da": ""}, {"en": "", "da": "betalere"}, {"en": "x", "da": "  "}])
def test_a_missing_language_stops_the_program(words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="both languages"):
        Words(**words)
    with pytest.raises(TypeError):
        Words(en="payers")  # type: ignore[call-arg]


def test_personal_data_is_not_for_sale() -> None:
    with pytest.raises(SaleOfPersonalData):
        Purpose(key="resale", basis=Basis.CONSENT, fideslang="x", promise="DISC-11", words=ABOUT, in_return_for="a fee")
    with pytest.raises(SaleOfPersonalData):
        Recipient(
            key="broker", dpv="x", promise="DISC-11", places=frozenset({Place.EU}), words=ABOUT, in_return_for="data"
        )
