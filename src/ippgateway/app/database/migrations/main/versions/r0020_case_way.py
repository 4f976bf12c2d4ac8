"""A case of disclosure goes its way and not back, whoever writes."""

from alembic import op

from ippgateway.app.database.migrations.functions import CASE_WAY, CASE_WAY_TRIGGER

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(CASE_WAY)
    op.execute(CASE_WAY_TRIGGER)
