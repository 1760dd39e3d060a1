"""The people and the house that orders are tested with."""

from tests.orders.conftest import as_guest, as_landlord, as_stranger, guest, stranger

__all__ = ["as_guest", "as_landlord", "as_stranger", "guest", "stranger"]
