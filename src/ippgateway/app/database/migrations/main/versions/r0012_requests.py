"""People's requests; whose rows an erasure is about."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)
_ENDED = "(state in ('REFUSED', 'DONE', 'WITHDRAWN')) = (ended_at is not null)"


def upgrade() -> None:
    op.add_column("erasure", sa.Column("tenant", _ID, server_default="", nullable=False), schema="ipp")
    op.create_table(
        "data_request",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("payer", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("identity", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=True),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("extension", sa.String(length=12), nullable=True),
        sa.Column("decided_by", sa.String(length=14), nullable=True),
        sa.Column("decided_at", _AT, nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("waits_for", sa.String(length=20), nullable=True),
        sa.Column("to_tell", sa.String(length=10), nullable=True),
        sa.Column("next_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state in ('ASKED', 'OPEN', 'GRANTED', 'REFUSED', 'DONE', 'WITHDRAWN')"),
        sa.CheckConstraint(
            "kind in ('access', 'copy', 'rectification', 'restriction', 'objection', 'erasure', 'closure')"
        ),
        sa.CheckConstraint("identity in ('none', 'session', 'strong', 'link', 'operator', 'shop')"),
        sa.CheckConstraint("(extended_to is null) = (extension is null)", name="ck_data_request_extension"),
        sa.CheckConstraint(_ENDED, name="ck_data_request_ended"),
        sa.CheckConstraint("(state = 'REFUSED') = (reason is not null)", name="ck_data_request_refused"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_data_request_person", "data_request", ["tenant_id", "person_id"], schema="ipp")
    op.create_index("ix_data_request_time", "data_request", ["tenant_id", "asked_at"], schema="ipp")
    for name, column, where in (
        ("ix_data_request_open", "due_on", "ended_at is null"),
        ("ix_data_request_next", "next_at", "next_at is not null"),
    ):
        op.create_index(name, "data_request", [column], schema="ipp", postgresql_where=sa.text(where))
    op.create_table(
        "data_reply",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id"),
        schema="ipp",
    )
