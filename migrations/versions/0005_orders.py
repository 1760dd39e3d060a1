"""Orders, and the nights they hold."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0005_orders"
down_revision = "0004_areas_and_facilities"


def upgrade() -> None:
    op.create_table(
        "ih_order_info",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("house_id", BIG_ID, nullable=False),
        sa.Column("begin_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("house_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("commented_at", UtcDateTime(), nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("trade_no", sa.String(length=64), nullable=True),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('WAIT_ACCEPT', 'WAIT_PAYMENT', 'PAID', 'WAIT_COMMENT', 'COMPLETE', 'CANCELED', 'REJECTED')",
            name=op.f("ck_ih_order_info_status"),
        ),
        sa.CheckConstraint("amount >= 0 AND house_price >= 0 AND days >= 1", name=op.f("ck_ih_order_info_amounts")),
        sa.CheckConstraint("begin_date <= end_date", name=op.f("ck_ih_order_info_dates")),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_ih_order_info_rating")),
        sa.ForeignKeyConstraint(["house_id"], ["ih_house_info.id"], name=op.f("fk_ih_order_info_house_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ih_user_profile.id"], name=op.f("fk_ih_order_info_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_order_info")),
    )
    op.create_index(
        op.f("ix_ih_order_info_house_id_status_id"), "ih_order_info", ["house_id", "status", "id"], unique=False
    )
    op.create_index(
        op.f("ix_ih_order_info_status_deadline_at"), "ih_order_info", ["status", "deadline_at"], unique=False
    )
    op.create_index(op.f("ix_ih_order_info_status_end_date"), "ih_order_info", ["status", "end_date"], unique=False)
    op.create_index(op.f("ix_ih_order_info_user_id_id"), "ih_order_info", ["user_id", "id"], unique=False)
    op.create_table(
        "ih_house_night",
        sa.Column("house_id", BIG_ID, nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["ih_house_info.id"], name=op.f("fk_ih_house_night_house_id")),
        sa.ForeignKeyConstraint(["order_id"], ["ih_order_info.id"], name=op.f("fk_ih_house_night_order_id")),
        sa.PrimaryKeyConstraint("house_id", "night", name=op.f("pk_ih_house_night")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ih_house_night_order_id"), "ih_house_night", ["order_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ih_house_night")
    op.drop_table("ih_order_info")
