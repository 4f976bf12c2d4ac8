"""Recipients, disclosures, cases."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)
_KEYS = sa.ARRAY(sa.String(length=40))
_EEA = (
    "'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', "
    "'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'"
)


def upgrade() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=2), nullable=False),
        sa.Column("purposes", _KEYS, nullable=False),
        sa.Column("categories", _KEYS, nullable=False),
        sa.Column("contract", sa.String(length=120), nullable=False),
        sa.Column("transfer_tool", sa.String(length=20), server_default="", nullable=False),
        sa.Column("measures", sa.String(length=400), server_default="", nullable=False),
        sa.Column("valid_from", _AT, nullable=False),
        sa.Column("valid_to", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="ck_recipient_valid"),
        sa.CheckConstraint(
            f"place in ({_EEA}) or (transfer_tool <> '' and measures <> '')", name="ck_recipient_transfer"
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_index("ix_recipient_kind", "recipient", ["kind", "valid_from"], schema="ipp")
    op.create_table(
        "disclosure",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("recipient_id", _ID, nullable=False),
        sa.Column("recipient", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("silenced_at", _AT, nullable=True),
        sa.Column("fields", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", "subject_id", "recipient_id"),
        schema="ipp",
    )
    op.create_table(
        "disclosure_case",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("asker_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=2), nullable=False),
        sa.Column("transfer_tool", sa.String(length=20), nullable=False),
        sa.Column("measures", sa.String(length=400), nullable=False),
        sa.Column("categories", _KEYS, nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("pseudonymised", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("silent_until", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), nullable=False),
        sa.Column("held_at", _AT, nullable=True),
        sa.Column("requested_by", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("first_by", _ID, nullable=True),
        sa.Column("first_at", _AT, nullable=True),
        sa.Column("second_by", _ID, nullable=True),
        sa.Column("second_at", _AT, nullable=True),
        sa.Column("ready_at", _AT, nullable=True),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("told_at", _AT, nullable=True),
        sa.Column("ended_by", _ID, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("contents", sa.LargeBinary(), nullable=True),
        sa.Column("subjects", sa.LargeBinary(), nullable=True),
        sa.Column("export", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state in ('OPEN', 'APPROVED', 'READY', 'DONE', 'REFUSED')", name="ck_disclosure_case_state"
        ),
        sa.CheckConstraint(
            "first_by <> requested_by and second_by <> requested_by and first_by <> second_by",
            name="ck_disclosure_case_three_people",
        ),
        sa.CheckConstraint(
            "state in ('OPEN', 'REFUSED') or (first_by is not null and second_by is not null)",
            name="ck_disclosure_case_two_approvals",
        ),
        sa.CheckConstraint("second_by is null or first_by is not null", name="ck_disclosure_case_first_before_second"),
        sa.CheckConstraint("(state in ('DONE', 'REFUSED')) = (ended_at is not null)", name="ck_disclosure_case_ended"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_disclosure_case_time", "disclosure_case", ["created_at"], schema="ipp")
    op.create_index(
        "ix_disclosure_case_to_do",
        "disclosure_case",
        ["state"],
        schema="ipp",
        postgresql_where=sa.text("state in ('APPROVED', 'READY')"),
    )
