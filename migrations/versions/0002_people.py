"""People, their verified identities and their sessions."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0002_people"
down_revision = "0001_kit"


def upgrade() -> None:
    op.create_table(
        "ih_user_profile",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("chose_name", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=True),
        sa.Column("avatar_url", sa.String(length=128), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_ih_user_profile_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_user_profile")),
        sa.UniqueConstraint("email", name=op.f("uq_ih_user_profile_email")),
        sa.UniqueConstraint("mobile", name=op.f("uq_ih_user_profile_mobile")),
        sa.UniqueConstraint("name", name=op.f("uq_ih_user_profile_name")),
    )
    op.create_table(
        "ih_id_card",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("real_name", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("address_code", sa.String(length=6), nullable=False),
        sa.Column("abandoned", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("birthday_code", sa.String(length=10), nullable=False),
        sa.Column("constellation", sa.String(length=8), nullable=False),
        sa.Column("chinese_zodiac", sa.String(length=4), nullable=False),
        sa.Column("sex", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("check_bit", sa.String(length=1), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ih_user_profile.id"], name=op.f("fk_ih_id_card_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_id_card")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_ih_id_card_number_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_ih_id_card_user_id")),
    )
    op.create_table(
        "ih_login_session",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ih_user_profile.id"], name=op.f("fk_ih_login_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ih_login_session_token_hash")),
    )
    op.create_index(op.f("ix_ih_login_session_expires_at"), "ih_login_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_ih_login_session_user_id"), "ih_login_session", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ih_login_session")
    op.drop_table("ih_id_card")
    op.drop_table("ih_user_profile")
