"""Looks of staff, emergency access, paper files, breaches."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)
_EEA = (
    "'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', "
    "'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'"
)


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("by_id", _ID, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("emergency_id", _ID, nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("shown", sa.String(length=2000), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_look_person", "look", ["tenant_id", "person_id", "at"], schema="ipp")
    op.create_index("ix_look_by", "look", ["by_id", "at"], schema="ipp")
    op.create_index("ix_look_emergency", "look", ["emergency_id"], schema="ipp")
    op.create_table(
        "emergency_access",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("began_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("reviewed_by", _ID, nullable=True),
        sa.Column("reviewed_at", _AT, nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.CheckConstraint(
            "ends_at > began_at and ends_at <= began_at + interval '1 hour'", name="ck_emergency_access_one_hour"
        ),
        sa.CheckConstraint("reviewed_by <> user_id", name="ck_emergency_access_another_reviews"),
        sa.CheckConstraint(
            "(reviewed_by is null) = (reviewed_at is null) and (verdict is null) = (reviewed_at is null)",
            name="ck_emergency_access_reviewed",
        ),
        sa.CheckConstraint("reviewed_at >= coalesce(ended_at, ends_at)", name="ck_emergency_access_over"),
        sa.CheckConstraint("verdict in ('justified', 'not_justified')", name="ck_emergency_access_verdict"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_emergency_access_session", "emergency_access", ["session_id"], schema="ipp")
    op.create_table(
        "paper_file",
        sa.Column("id", _ID, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("destroy_by", sa.Date(), nullable=False),
        sa.Column("entered_by", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("destroyed_at", _AT, nullable=True),
        sa.Column("destroyed_by", _ID, nullable=True),
        sa.Column("how", sa.String(length=12), nullable=True),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("confirmed_by", _ID, nullable=True),
        sa.CheckConstraint(f"country in ({_EEA})", name="ck_paper_file_in_the_eea"),
        sa.CheckConstraint(
            "(destroyed_at is null) = (destroyed_by is null) and (destroyed_at is null) = (how is null)",
            name="ck_paper_file_destroyed",
        ),
        sa.CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null) and (confirmed_at is null or destroyed_at is not null)",
            name="ck_paper_file_confirmed",
        ),
        sa.CheckConstraint("confirmed_by <> destroyed_by", name="ck_paper_file_two_people"),
        sa.CheckConstraint("how in ('shredded', 'burnt', 'contractor')", name="ck_paper_file_how"),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_table(
        "breach_entry",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("breach_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("keys_id", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("by_id", _ID, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("aware_at", _AT, nullable=False),
        sa.Column("began_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("categories", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("of_tenant", _ID, nullable=True),
        sa.Column("staff_id", _ID, nullable=True),
        sa.Column("recipient_id", _ID, nullable=True),
        sa.Column("risk", sa.String(length=8), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("records", sa.Integer(), nullable=True),
        sa.Column("notified_at", _AT, nullable=True),
        sa.Column("told_at", _AT, nullable=True),
        sa.Column("closed_at", _AT, nullable=True),
        sa.Column("contents", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("number >= 1", name="ck_breach_entry_number"),
        sa.CheckConstraint("risk in ('unlikely', 'risk', 'high')", name="ck_breach_entry_risk"),
        sa.CheckConstraint("ended_at >= began_at", name="ck_breach_entry_ended"),
        sa.PrimaryKeyConstraint("tenant_id", "breach_id", "number"),
        schema="ipp",
    )
    op.create_index("ix_breach_entry_time", "breach_entry", ["at"], schema="ipp")
