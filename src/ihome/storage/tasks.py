"""What happens to pictures later."""

from ihome.kit import outbox
from ihome.storage.pictures import drop_picture


@outbox.on("picture.dropped")
def forget_picture(key: str) -> None:
    """Runs after the row that named it is gone; twice does no harm."""
    drop_picture(key)
