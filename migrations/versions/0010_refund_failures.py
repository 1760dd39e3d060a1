"""When the gateway last failed to pay a refund, so that people can be told that it is tried again."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import UtcDateTime

revision = "0010_refund_failures"
down_revision = "0009_guests"


def upgrade() -> None:
    op.add_column("ih_refund", sa.Column("failed_at", UtcDateTime()))


def downgrade() -> None:
    op.drop_column("ih_refund", "failed_at")
