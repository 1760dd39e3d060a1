"""What happens to calendars by itself."""

from datetime import timedelta

from ihome.calendar import actions
from ihome.kit import clock
from ihome.kit.db import in_transaction
from ihome.kit.schedule import every


@every(timedelta(hours=1))
def clear_passed_word() -> None:
    """Sixty days of slack: it does no harm if this does not run for a while."""
    in_transaction(lambda: actions.clear_passed_word(clock.today()))
