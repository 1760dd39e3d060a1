"""Taken nights as bits, so that search can count free houses from one index (docs/adr/0006)."""

import sqlalchemy as sa
from alembic import op

revision = "0008_calendar_words"
down_revision = "0007_sandbox"

WORDS = [f"taken_{word}" for word in range(11)]


def upgrade() -> None:
    # Empty words only make totals too large until `ihome calendar rebuild`; a new site has no nights yet.
    for word in WORDS:
        op.add_column("ih_house_info", sa.Column(word, sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_house_area_free", "ih_house_info", ["area_id", "is_listed", "min_days", "max_days", *WORDS])


def downgrade() -> None:
    op.drop_index("ix_house_area_free", "ih_house_info")
    with op.batch_alter_table("ih_house_info") as house:
        for word in WORDS:
            house.drop_column(word)
