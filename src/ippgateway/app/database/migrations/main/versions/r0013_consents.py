"""Consents and what was shown for them, acceptances of terms; letters that a withdrawal made void."""

import sqlalchemy as sa
from alembic import op

from ippgateway.app.database.migrations.functions import APPEND_ONLY, APPEND_ONLY_TRIGGERS

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        schema="ipp",
    )
    op.create_table(
        "consent",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("text_digest", sa.LargeBinary(), nullable=True),
        sa.Column("said", sa.String(length=9), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("who_code", sa.LargeBinary(), nullable=False),
        sa.Column("link_digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("said in ('given', 'withdrawn', 'objected')"),
        sa.CheckConstraint("said <> 'given' or text_digest is not null"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_consent_person", "consent", ["tenant_id", "person_id", "created_at"], schema="ipp")
    op.create_index("ix_consent_link", "consent", ["link_digest"], schema="ipp")
    op.create_index("ix_consent_who", "consent", ["who_code"], schema="ipp")
    op.create_table(
        "acceptance",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("version", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.CheckConstraint("what in ('told', 'accepted')"),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "user_id", "paper", "version", "what"),
        schema="ipp",
    )
    op.execute(APPEND_ONLY)
    for table in ("acceptance", "consent", "consent_text"):
        for statement in APPEND_ONLY_TRIGGERS.format(table=table).split(";"):
            op.execute(statement)
    op.execute("alter table ipp.letter drop constraint if exists letter_state_check")
    op.execute(
        "alter table ipp.letter add constraint letter_state_check check (state in ('DUE', 'SENT', 'FAILED', 'VOID'))"
    )
