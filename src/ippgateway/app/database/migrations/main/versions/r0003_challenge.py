"""Challenges of 3-D Secure."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authentication", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column("authentication", sa.Column("ends_by", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column("authentication", sa.Column("challenge_digest", sa.LargeBinary(), nullable=True), schema="ipp")
    op.add_column("authentication", sa.Column("transaction_id", sa.String(length=36), nullable=True), schema="ipp")
    op.add_column("authentication", sa.Column("acs_transaction_id", sa.String(length=36), nullable=True), schema="ipp")
    op.add_column("authentication", sa.Column("acs_url", sa.LargeBinary(), nullable=True), schema="ipp")
    op.create_check_constraint(
        "ck_authentication_challenge", "authentication", "(challenge_digest is null) = (ends_by is null)", schema="ipp"
    )
    for name, column in (("challenge", "challenge_digest"), ("transaction", "transaction_id")):
        op.create_index(
            f"ix_authentication_{name}",
            "authentication",
            [column],
            schema="ipp",
            postgresql_where=sa.text("challenge_digest is not null"),
        )
