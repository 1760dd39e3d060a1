"""The areas of 合肥 and the facilities that every new site starts with (contract: Data)."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from ihome.kit.db import UtcDateTime

revision = "0004_areas_and_facilities"
down_revision = "0003_houses"

AREAS = ["瑶海区", "庐阳区", "蜀山区", "包河区", "长丰县", "肥东县", "肥西县", "庐江县", "巢湖市"]
FACILITIES = [
    "无线网络",
    "热水淋浴",
    "空调",
    "暖气",
    "允许吸烟",
    "饮水设备",
    "牙具",
    "香皂",
    "拖鞋",
    "手纸",
    "毛巾",
    "沐浴露、洗发露",
    "冰箱",
    "洗衣机",
    "电梯",
    "允许做饭",
    "允许带宠物",
    "允许聚会",
    "门禁系统",
    "停车位",
    "有线网络",
    "电视",
    "浴缸",
]

TIMES = (sa.column("create_time", UtcDateTime()), sa.column("update_time", UtcDateTime()))
cities = sa.table("ih_city_info", sa.column("id", sa.Integer), sa.column("name", sa.String), *TIMES)
areas = sa.table(
    "ih_area_info",
    sa.column("id", sa.Integer),
    sa.column("city_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("create_time", UtcDateTime()),
    sa.column("update_time", UtcDateTime()),
)
facilities = sa.table(
    "ih_facility_info",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("create_time", UtcDateTime()),
    sa.column("update_time", UtcDateTime()),
)


def upgrade() -> None:
    now = datetime.now(UTC)
    times = {"create_time": now, "update_time": now}
    op.bulk_insert(cities, [{"id": 1, "name": "合肥", **times}])
    op.bulk_insert(areas, [{"id": n, "city_id": 1, "name": name, **times} for n, name in enumerate(AREAS, 1)])
    op.bulk_insert(facilities, [{"id": n, "name": name, **times} for n, name in enumerate(FACILITIES, 1)])
    if op.get_bind().dialect.name == "postgresql":
        # Ids given by hand do not move PostgreSQL's sequences: the next area would get id 1 again.
        for table in ("ih_city_info", "ih_area_info", "ih_facility_info"):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608


def downgrade() -> None:
    for table in (facilities, areas, cities):
        op.execute(table.delete())
