"""What the program consists of: each feature's models, handlers, endpoints, pages and commands, by name.

Entries import features from here, so that web, worker and commands know the same tables and topics.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

Names = tuple[str, ...]

MODELS = (
    "kit.clock", "kit.idempotency", "kit.outbox", "kit.schedule", "accounts.models", "houses.models",
    "calendar.models", "orders.models", "payments.models", "payments.providers.sandbox.models", "archive.models",
)  # fmt: skip
TASKS = (
    "storage.tasks", "accounts.tasks", "notices.tasks", "calendar.tasks", "orders.tasks", "payments.tasks",
    "payments.providers.sandbox.tasks", "archive.tasks",
)  # fmt: skip
APIS = ("accounts.api", "houses.api", "orders.api", "payments.api", "archive.api", "storefront.api")
PAGES: Names = (
    "accounts.pages", "houses.pages", "orders.pages", "payments.pages", "archive.pages", "storefront.pages",
)  # fmt: skip
SANDBOX_PAGES: Names = ("payments.providers.sandbox.pages",)
DEMO_PAGES: Names = ("notices.pages", "demo.pages")
COMMANDS = (
    "commands", "backup.cli", "accounts.cli", "calendar.cli", "orders.cli", "payments.cli", "upkeep.cli", "demo.cli",
)  # fmt: skip


def load_models() -> None:
    _load(MODELS)


def load_tasks() -> None:
    """Models, and every outbox handler and scheduled job."""
    _load(MODELS + TASKS)


def attributes(modules: Names, name: str) -> Iterator[Any]:
    """The object of this name from each of these modules."""
    for module in _load(modules):
        yield getattr(module, name)


def _load(modules: Names) -> list[Any]:
    return [import_module(f"ihome.{name}") for name in modules]
