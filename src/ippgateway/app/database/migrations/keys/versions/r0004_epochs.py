"""Keys of persons are replaced; epochs come often enough to need a larger number; the journal of erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("person_key", "epoch"), ("wrapping_key", "id"), ("vault_key", "id")):
        op.alter_column(table, column, type_=sa.Integer(), schema="ipp")
    op.add_column("person_key", sa.Column("other", sa.LargeBinary(), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("other_epoch", sa.Integer(), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("turn", sa.String(length=8), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.create_table(
        "destroyed_key",
        sa.Column("controller", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("controller", "person_id"),
        schema="ipp",
    )
