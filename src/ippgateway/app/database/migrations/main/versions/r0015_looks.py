"""Looks of staff, emergency access, paper files, breaches."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("by_id", _ID, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("emergency_id", _ID, nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("shown", sa.String(length=2000), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_look_person", "look", ["tenant_id", "person_id", "at"], schema="ipp")
    op.create_index("ix_look_by", "look", ["by_id", "at"], schema="ipp")
    op.create_index("ix_look_emergency", "look", ["emergency_id"], schema="ipp")
