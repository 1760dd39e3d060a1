"""Time that passes at once, for codes and limits."""

from tests.accounts.steps import later

__all__ = ["later"]
