"""What the site does with accounts by itself."""

from datetime import timedelta

from ihome.accounts import actions
from ihome.kit.db import writes
from ihome.kit.idempotency import forget_old
from ihome.kit.schedule import every


@every(timedelta(hours=6))
@writes
def forget_what_expired() -> None:
    actions.forget_expired_sessions()
    forget_old()
