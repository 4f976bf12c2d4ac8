"""Keys of fields that outlive an erasure: since when they are restricted, and until when they are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person_key", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("kept_until", sa.Date(), nullable=True), schema="ipp")
