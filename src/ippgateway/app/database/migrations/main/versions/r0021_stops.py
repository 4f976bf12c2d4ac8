"""What somebody had restricted or objected to, where what is to be seen is not sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop",
        sa.Column("tenant_id", sa.String(14, collation="C"), primary_key=True),
        sa.Column("person_id", sa.String(14, collation="C"), primary_key=True),
        sa.Column("controller", sa.String(14, collation="C"), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objected", sa.ARRAY(sa.String(40)), server_default="{}", nullable=False),
        schema="ipp",
    )
