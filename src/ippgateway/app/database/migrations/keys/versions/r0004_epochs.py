"""Keys of persons are replaced; epochs come often enough to need a larger number; the journal of erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("person_key", "epoch"), ("wrapping_key", "id")):
        op.alter_column(table, column, type_=sa.Integer(), schema="ipp")
    op.add_column("person_key", sa.Column("other", sa.LargeBinary(), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("other_epoch", sa.Integer(), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("turn", sa.String(length=8), nullable=True), schema="ipp")
    op.add_column("person_key", sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    # The server's own statistics would keep samples of keys that are long destroyed.
    for table, column in (
        ("person_key", "wrapped"),
        ("person_key", "other"),
        ("wrapping_key", "wrapped"),
        ("vault_key", "wrapped"),
    ):
        op.execute(f"alter table ipp.{table} alter column {column} set statistics 0")
    op.create_check_constraint(None, "person_key", "turn in ('PREPARED', 'TURNED')", schema="ipp")
    op.create_index("ix_person_key_epoch", "person_key", ["epoch"], schema="ipp")
    op.create_index(
        "ix_person_key_turn", "person_key", ["turn"], schema="ipp", postgresql_where=sa.text("turn is not null")
    )
    op.create_table(
        "destroyed_key",
        sa.Column("controller", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("tenant", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("controller", "person_id"),
        schema="ipp",
    )
