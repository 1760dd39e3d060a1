"""The sandbox gateway's trades."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0007_sandbox"
down_revision = "0006_payments"


def upgrade() -> None:
    op.create_table(
        "ih_sandbox_trade",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("out_trade_no", sa.String(length=64), nullable=False),
        sa.Column("trade_no", sa.String(length=32), nullable=False),
        sa.Column("pay_method", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=256), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("buyer", sa.String(length=32), nullable=True),
        sa.Column("return_url", sa.String(length=512), nullable=False),
        sa.Column("notify_url", sa.String(length=512), nullable=False),
        sa.Column("quit_url", sa.String(length=512), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_CLOSED')", name=op.f("ck_ih_sandbox_trade_status")
        ),
        sa.CheckConstraint("amount > 0 AND refunded BETWEEN 0 AND amount", name=op.f("ck_ih_sandbox_trade_amounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_sandbox_trade")),
        sa.UniqueConstraint("out_trade_no", name=op.f("uq_ih_sandbox_trade_out_trade_no")),
        sa.UniqueConstraint("trade_no", name=op.f("uq_ih_sandbox_trade_trade_no")),
    )
    op.create_table(
        "ih_sandbox_refund",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("trade_id", BIG_ID, nullable=False),
        sa.Column("out_request_no", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ih_sandbox_refund_amount")),
        sa.ForeignKeyConstraint(["trade_id"], ["ih_sandbox_trade.id"], name=op.f("fk_ih_sandbox_refund_trade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_sandbox_refund")),
        sa.UniqueConstraint("trade_id", "out_request_no", name=op.f("uq_ih_sandbox_refund_trade_id_out_request_no")),
    )


def downgrade() -> None:
    op.drop_table("ih_sandbox_refund")
    op.drop_table("ih_sandbox_trade")
