"""Access records. Whoever writes them can neither read nor remove one; whoever reads them writes nothing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import ACCESS, ACCESS_RECORDING, ACCESS_RECORDS, DEVICE, IP_ADDRESS, VISIT_TERM
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words

_READ = frozenset({ACCESS_RECORDS})


class Visit(Table):
    """One stay on one surface: the same address and browser without a pause of half an hour.

    `person_id`: the payer, when a checkout said who pays; the company's own, when its keys said so; else the visit's
    own id, which is nobody's: whoever was here without saying so is not recognised a second time.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("surface in ('site', 'page', 'widget', 'console', 'desk', 'api')"),
        Index("ix_visit_person", "tenant_id", "person_id"),
        Index("ix_visit_began", "began_at"),
    )
    __declares__ = Declares(
        about=Words(en="visits", da="besøg"),
        tenant="tenant_id",
        owner="person_id",
        since="began_at",
        goes=True,
        held_as=HeldAs.CONTROLLER,
        about_payers=True,
        access=(
            Access(ACCESS_RECORDING, insert=True, update=("last_at", "requests"), only=("tenant_id", "id")),
            Access(ACCESS_RECORDS, stops=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    surface: Mapped[str] = personal(ACCESS, String(7), uses=_READ, keep=VISIT_TERM)
    began_at: Mapped[datetime] = personal(ACCESS, DateTime(timezone=True), uses=_READ, keep=VISIT_TERM)
    last_at: Mapped[datetime] = personal(ACCESS, DateTime(timezone=True), uses=_READ, keep=VISIT_TERM)
    requests: Mapped[int] = personal(ACCESS, Integer(), uses=_READ, keep=VISIT_TERM)
    address: Mapped[str] = personal(IP_ADDRESS, String(45), uses=_READ, keep=VISIT_TERM)
    browser: Mapped[str] = personal(DEVICE, String(40), uses=_READ, keep=VISIT_TERM)
    """A family and a number, from a list of ours (`browsers`); never what the browser said of itself."""
    system: Mapped[str] = personal(DEVICE, String(40), uses=_READ, keep=VISIT_TERM)
    checkout_id: Mapped[str | None] = plain(ID, nullable=True)
    """Which purchase the payer was here for; whoever holds the key of that one is told of it, and of no other visit."""


class VisitPage(Table):
    """One view of one page, by the page's own name: no address, no query, nothing that was asked for."""

    __tablename__ = "visit_page"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "visit_id"], ["ipp.visit.tenant_id", "ipp.visit.id"], ondelete="CASCADE"),
        Index("ix_visit_page_person", "tenant_id", "person_id"),
        Index("ix_visit_page_age", "at"),
    )
    __declares__ = Declares(
        about=Words(en="pages seen in a visit", da="sider set under et besøg"),
        tenant="tenant_id",
        owner="person_id",
        since="at",
        goes=True,
        held_as=HeldAs.CONTROLLER,
        about_payers=True,
        access=(
            Access(ACCESS_RECORDING, insert=True, update=("seconds",), only=("tenant_id", "visit_id", "number")),
            Access(ACCESS_RECORDS, stops=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    visit_id: Mapped[str] = plain(ID, primary_key=True)
    number: Mapped[int] = plain(SmallInteger(), primary_key=True, autoincrement=False)
    person_id: Mapped[str] = linking(ID)
    page: Mapped[str] = personal(ACCESS, String(20), uses=_READ, keep=VISIT_TERM)
    at: Mapped[datetime] = personal(ACCESS, DateTime(timezone=True), uses=_READ, keep=VISIT_TERM)
    seconds: Mapped[int | None] = personal(ACCESS, Integer(), uses=_READ, keep=VISIT_TERM, nullable=True)
    """How long it was to be seen. Unknown for the last page of a visitor without script."""
    checkout_id: Mapped[str | None] = plain(ID, nullable=True)
    """The visit's."""
