"""Access records."""

import sqlalchemy as sa
from alembic import op

from ippgateway.app.database.migrations import functions

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("surface", sa.String(length=7), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.CheckConstraint("surface in ('site', 'page', 'widget', 'console', 'api')"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_visit_person", "visit", ["tenant_id", "person_id"], schema="ipp")
    op.create_index("ix_visit_began", "visit", ["began_at"], schema="ipp")
    op.create_table(
        "visit_page",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("visit_id", _ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "visit_id"], ["ipp.visit.tenant_id", "ipp.visit.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "visit_id", "number"),
        schema="ipp",
    )
    op.create_index("ix_visit_page_person", "visit_page", ["tenant_id", "person_id"], schema="ipp")
    op.execute(functions.VISITS_FORGET)
