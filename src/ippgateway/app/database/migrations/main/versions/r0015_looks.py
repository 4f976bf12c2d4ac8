"""Looks of staff, emergency access, paper files, breaches."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)


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
