"""Which purchase a payer's visit was for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("visit", "visit_page"):
        op.add_column(table, sa.Column("checkout_id", sa.String(length=14, collation="C"), nullable=True), schema="ipp")
