"""Limits on declines."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decline_count",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "network", "began_at"),
        schema="ipp",
    )
    op.create_index("ix_decline_count_time", "decline_count", ["began_at"], schema="ipp")
