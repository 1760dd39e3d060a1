"""Cities, areas, facilities, houses and photos."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0003_houses"
down_revision = "0002_people"


def upgrade() -> None:
    op.create_table(
        "ih_city_info",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_city_info")),
        sa.UniqueConstraint("name", name=op.f("uq_ih_city_info_name")),
    )
    op.create_table(
        "ih_facility_info",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_facility_info")),
        sa.UniqueConstraint("name", name=op.f("uq_ih_facility_info_name")),
    )
    op.create_table(
        "ih_area_info",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("city_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["ih_city_info.id"], name=op.f("fk_ih_area_info_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_area_info")),
    )
    op.create_index(op.f("ix_ih_area_info_city_id"), "ih_area_info", ["city_id"], unique=False)
    op.create_table(
        "ih_house_info",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=512), nullable=False),
        sa.Column("room_count", sa.Integer(), nullable=False),
        sa.Column("acreage", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("beds", sa.String(length=64), nullable=False),
        sa.Column("deposit", sa.BigInteger(), nullable=False),
        sa.Column("min_days", sa.Integer(), nullable=False),
        sa.Column("max_days", sa.Integer(), nullable=False),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("index_image_url", sa.String(length=128), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint("deposit >= 0", name=op.f("ck_ih_house_info_deposit")),
        sa.CheckConstraint(
            "min_days >= 1 AND (max_days = 0 OR max_days >= min_days)", name=op.f("ck_ih_house_info_days")
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_ih_house_info_price")),
        sa.ForeignKeyConstraint(["area_id"], ["ih_area_info.id"], name=op.f("fk_ih_house_info_area_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ih_user_profile.id"], name=op.f("fk_ih_house_info_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_house_info")),
    )
    op.create_index(
        "ix_house_area_booked", "ih_house_info", ["area_id", "is_listed", "order_count", "id"], unique=False
    )
    op.create_index("ix_house_area_new", "ih_house_info", ["area_id", "is_listed", "create_time", "id"], unique=False)
    op.create_index("ix_house_area_price", "ih_house_info", ["area_id", "is_listed", "price", "id"], unique=False)
    op.create_index("ix_house_booked", "ih_house_info", ["is_listed", "order_count", "id"], unique=False)
    op.create_index("ix_house_new", "ih_house_info", ["is_listed", "create_time", "id"], unique=False)
    op.create_index("ix_house_price", "ih_house_info", ["is_listed", "price", "id"], unique=False)
    op.create_index(op.f("ix_ih_house_info_user_id"), "ih_house_info", ["user_id"], unique=False)
    op.create_table(
        "ih_house_facility",
        sa.Column("house_id", BIG_ID, nullable=False),
        sa.Column("facility_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["ih_facility_info.id"], name=op.f("fk_ih_house_facility_facility_id")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["ih_house_info.id"], name=op.f("fk_ih_house_facility_house_id")),
        sa.PrimaryKeyConstraint("house_id", "facility_id", name=op.f("pk_ih_house_facility")),
    )
    op.create_index(op.f("ix_ih_house_facility_facility_id"), "ih_house_facility", ["facility_id"], unique=False)
    op.create_table(
        "ih_house_image",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("house_id", BIG_ID, nullable=False),
        sa.Column("url", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["ih_house_info.id"], name=op.f("fk_ih_house_image_house_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_house_image")),
    )
    op.create_index(op.f("ix_ih_house_image_house_id"), "ih_house_image", ["house_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ih_house_image")
    op.drop_table("ih_house_facility")
    op.drop_table("ih_house_info")
    op.drop_table("ih_area_info")
    op.drop_table("ih_facility_info")
    op.drop_table("ih_city_info")
