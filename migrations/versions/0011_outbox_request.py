"""Which request a message was promised in, so that one id leads through the logs of nginx, site and worker."""

import sqlalchemy as sa
from alembic import op

revision = "0011_outbox_request"
down_revision = "0010_refund_failures"


def upgrade() -> None:
    op.add_column("ih_outbox", sa.Column("request_id", sa.String(length=64)))


def downgrade() -> None:
    op.drop_column("ih_outbox", "request_id")
