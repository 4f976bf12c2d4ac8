"""What a person's rights need of their keys: a restriction that they asked for, and what they objected to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person_key", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column(
        "person_key",
        sa.Column("objected", sa.ARRAY(sa.String(length=40)), server_default="{}", nullable=False),
        schema="ipp",
    )
