"""The copy of their data that people ask for."""

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import BIG_ID, UtcDateTime

revision = "0012_archives"
down_revision = "0011_outbox_request"


def upgrade() -> None:
    op.create_table(
        "ih_archive",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("kept_until", UtcDateTime(), nullable=False),
        sa.Column("create_time", UtcDateTime(), nullable=False),
        sa.Column("update_time", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ih_user_profile.id"], name=op.f("fk_ih_archive_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ih_archive")),
        sa.UniqueConstraint("user_id", name=op.f("uq_ih_archive_user_id")),
        sa.UniqueConstraint("name", name=op.f("uq_ih_archive_name")),
    )
    op.create_index(op.f("ix_ih_archive_kept_until"), "ih_archive", ["kept_until"])


def downgrade() -> None:
    op.drop_table("ih_archive")
