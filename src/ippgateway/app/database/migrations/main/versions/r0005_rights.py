"""What people's rights need: the record of erasures, card numbers that can be emptied, and ways to a person's rows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("controller", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=8), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.CheckConstraint("state in ('BEGUN', 'ERASED', 'LOOKED_AFTER')"),
        sa.CheckConstraint("asked_by in ('person', 'operator')"),
        sa.PrimaryKeyConstraint("controller", "person_id"),
        schema="ipp",
    )
    op.create_index(
        "ix_erasure_due", "erasure", ["next_at"], schema="ipp", postgresql_where=sa.text("next_at is not null")
    )
    op.alter_column("card", "number", nullable=True, schema="ipp")
    op.alter_column("card", "number_key", nullable=True, schema="ipp")
    for name, table in (
        ("checkout", "checkout"),
        ("card", "card"),
        ("authentication", "authentication"),
        ("action", "payment_action"),
        ("notification", "notification"),
    ):
        op.create_index(f"ix_{name}_person", table, ["company_id", "person_id"], schema="ipp")
