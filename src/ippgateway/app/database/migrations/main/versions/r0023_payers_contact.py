"""Where payers reach a shop."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("company", sa.Column("payers_contact", sa.LargeBinary(), nullable=True), schema="ipp")
