"""Print docs/errno.md: every error class with its number and sentence, from the classes themselves."""

from ihome import features
from ihome.kit.errors import AppError
from ihome.kit.i18n import speaking


def error_classes() -> list[type[AppError]]:
    """All classes that can be raised, by number and name."""
    found: list[type[AppError]] = []
    waiting = [AppError]
    while waiting:
        for error in waiting.pop().__subclasses__():
            waiting.append(error)
            if "errmsg" in vars(error):
                found.append(error)
    return sorted(found, key=lambda error: (error.errno, error.__module__, error.__name__))


def document() -> str:
    features.load_tasks()
    list(features.attributes(features.APIS, "api"))
    lines = [
        "# Error numbers",
        "",
        "Made from the classes by `python scripts/errno.py > docs/errno.md`.",
        "",
        "| errno | HTTP | class | English | 中文 |",
        "|---|---|---|---|---|",
    ]
    for error in error_classes():
        with speaking("zh"):
            chinese = str(error.errmsg)
        name = f"`{error.__module__.removeprefix('ihome.')}.{error.__name__}`"
        lines.append(f"| {error.errno} | {error.status} | {name} | {error.errmsg.message} | {chinese} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")
