"""Why a message that is owed to the acquirer was not taken the last time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("advice", sa.Column("reason", sa.String(length=40), nullable=True), schema="ipp")
