"""Wrapped keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "person_key",
        sa.Column("controller", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("controller", "person_id", "ground"),
        schema="ipp",
    )
    op.create_table(
        "vault_key",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('number', 'fingerprint')"),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_table(
        "wrapping_key",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('epoch', 'index')"),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
