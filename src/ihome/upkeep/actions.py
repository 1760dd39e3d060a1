"""What changes in rows when pictures get other names."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from ihome.accounts.models import User
from ihome.houses.models import House, HouseImage
from ihome.kit.db import session
from ihome.upkeep.queries import Naming

ROWS_ONLY = {"synchronize_session": False}  # Nobody holds these as objects.


def rename_pictures(renamed: Sequence[tuple[Naming, str]]) -> None:
    """Let each row name this key, unless it names another picture by now.

    The houses whose pages show them are touched first: a house is locked before the rows that point at it.
    """

    def ids(row: type) -> list[int]:
        return [naming.row_id for naming, _ in renamed if naming.place.row is row]

    shown = or_(
        House.id.in_(ids(House)),
        House.id.in_(select(HouseImage.house_id).where(HouseImage.id.in_(ids(HouseImage)))),
        House.user_id.in_(ids(User)),
    )
    house_ids = session.scalars(select(House.id).where(shown).order_by(House.id)).all()
    touched = update(House).where(House.id.in_(house_ids)).values(version=House.version + 1)
    session.execute(touched, execution_options=ROWS_ONLY)
    for naming, key in renamed:
        row, column = naming.place.row, naming.place.column
        named = update(row).where(row.id == naming.row_id, column == naming.key).values({column: key})
        session.execute(named, execution_options=ROWS_ONLY)
