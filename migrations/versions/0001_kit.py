"""What the kit keeps: clock, outbox, schedule, remembered answers."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0001_kit"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ih_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_clock")),
    )
    op.create_table(
        "ih_idempotency",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "endpoint", "key", name=op.f("pk_ih_idempotency")),
    )
    op.create_index(op.f("ix_ih_idempotency_create_time"), "ih_idempotency", ["create_time"], unique=False)
    op.create_table(
        "ih_outbox",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("handler", sa.String(length=128), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ih_outbox_state_run_at"), "ih_outbox", ["state", "run_at"], unique=False)
    op.create_table(
        "ih_schedule",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ih_schedule")),
    )


def downgrade() -> None:
    op.drop_table("ih_schedule")
    op.drop_table("ih_outbox")
    op.drop_table("ih_idempotency")
    op.drop_table("ih_clock")
