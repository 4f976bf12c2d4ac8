"""Numbers of the vault's keys: a rotation takes two, and one every ten minutes would have used up the small ones."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("card", "number_key", type_=sa.Integer(), schema="ipp")
    op.alter_column("authentication", "value_key", type_=sa.Integer(), schema="ipp")
