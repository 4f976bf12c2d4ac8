"""What a payer agreed to stands on the checkout; each company has a switch for the widget."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("checkout", sa.Column("policy_version", sa.String(length=24), nullable=True), schema="ipp")
    op.add_column("checkout", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column("company", sa.Column("widget", sa.Boolean(), server_default="false", nullable=False), schema="ipp")
    op.execute("update ipp.company set widget = true where not live")
