"""A card remembers an issuer's "never try again" itself, so that asking costs the same however many payments there were."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("card", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.add_column("card", sa.Column("refused_reason", sa.String(length=40), nullable=True), schema="ipp")
    op.add_column("card", sa.Column("refused_code", sa.String(length=2), nullable=True), schema="ipp")
    op.execute(
        "update ipp.card c set refused_at = a.settled_at, refused_reason = a.reason, refused_code = a.response_code "
        "from ipp.payment p join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
        "where p.company_id = c.company_id and p.card_id = c.id and a.again = 'NEVER' and a.result = 'NOK'"
    )
    op.create_index(
        "ix_card_refused",
        "card",
        ["company_id", "fingerprint"],
        schema="ipp",
        postgresql_where=sa.text("refused_at is not null"),
    )
    op.drop_index("ix_card_fingerprint", "card", schema="ipp")
