"""Corrections with their value, and recipients who are told what became of what they got."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)
_IDENTITIES = "identity in ('none', 'session', 'strong', 'link', 'receipt', 'operator', 'shop')"


def upgrade() -> None:
    op.add_column("data_request", sa.Column("field", sa.String(length=60), nullable=True), schema="ipp")
    for name in ("old_value", "new_value"):
        op.add_column("data_request", sa.Column(name, sa.LargeBinary(), nullable=True), schema="ipp")
    op.create_check_constraint(
        "ck_data_request_field", "data_request", "field is null or kind = 'rectification'", schema="ipp"
    )
    op.drop_constraint("data_request_identity_check", "data_request", schema="ipp")
    op.create_check_constraint("data_request_identity_check", "data_request", _IDENTITIES, schema="ipp")
    op.create_table(
        "correction",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_correction_person", "correction", ["tenant_id", "person_id"], schema="ipp")
    op.create_table(
        "data_notice",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("of_tenant", _ID, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("recipient_id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("told_at", _AT, nullable=True),
        sa.Column("told_by", sa.String(length=14), nullable=True),
        sa.Column("how", sa.String(length=12), nullable=True),
        sa.Column("known_by", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(told_at is null) = (told_by is null) and (told_at is null) = (how is null)", name="ck_data_notice_told"
        ),
        sa.CheckConstraint(
            "how in ('letter', 'email', 'post', 'phone', 'portal', 'not_possible')", name="ck_data_notice_how"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "uq_data_notice_recipient", "data_notice", ["tenant_id", "kind", "recipient_id"], unique=True, schema="ipp"
    )
    op.create_index(
        "ix_data_notice_open", "data_notice", ["created_at"], schema="ipp",
        postgresql_where=sa.text("told_at is null"),
    )  # fmt: skip
