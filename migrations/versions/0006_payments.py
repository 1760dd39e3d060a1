"""Attempts to pay, and refunds."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0006_payments"
down_revision = "0005_orders"


def upgrade() -> None:
    op.create_table(
        "ih_payment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("out_trade_no", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("trade_no", sa.String(length=64), nullable=True),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ih_payment_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["ih_order_info.id"], name=op.f("fk_ih_payment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_payment")),
        sa.UniqueConstraint("out_trade_no", name=op.f("uq_ih_payment_out_trade_no")),
    )
    op.create_index(op.f("ix_ih_payment_order_id"), "ih_payment", ["order_id"], unique=False)
    op.create_index(op.f("ix_ih_payment_status"), "ih_payment", ["status"], unique=False)
    op.create_table(
        "ih_refund",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("payment_id", BIG_ID, nullable=False),
        sa.Column("out_request_no", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("refunded_at", UtcDateTime(), nullable=True),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ih_refund_amount")),
        sa.ForeignKeyConstraint(["payment_id"], ["ih_payment.id"], name=op.f("fk_ih_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_refund")),
        sa.UniqueConstraint("out_request_no", name=op.f("uq_ih_refund_out_request_no")),
    )
    op.create_index(op.f("ix_ih_refund_payment_id"), "ih_refund", ["payment_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ih_refund")
    op.drop_table("ih_payment")
