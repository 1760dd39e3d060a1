"""How many guests come: orders placed before this, and by clients of v1.0, do not say."""

import sqlalchemy as sa
from alembic import op

revision = "0009_guests"
down_revision = "0008_calendar_words"


def upgrade() -> None:
    op.add_column("ih_order_info", sa.Column("guests", sa.Integer()))


def downgrade() -> None:
    op.drop_column("ih_order_info", "guests")
