"""Making archives, telling of them, and removing them."""

from datetime import timedelta

from ihome.accounts.errors import IdentityUnreadable
from ihome.accounts.queries import get_user
from ihome.archive import actions, queries
from ihome.archive.contents import write_archive
from ihome.archive.folder import new_file, path_of, remove_strays
from ihome.config import config
from ihome.kit import outbox
from ihome.kit.db import in_transaction, reading
from ihome.kit.schedule import every
from ihome.notices.mails import send_mail
from ihome.storage.media import StorageDown


@outbox.on("archive.asked")
def make_archive(name: str) -> None:
    """May run twice: one that is made, or was asked for anew since, is left alone."""
    with reading():
        archive = queries.find_by_name(name)
    if archive is None or archive.ready_at:
        return
    try:
        with new_file(name) as file:
            write_archive(file, archive.user_id)
        size = path_of(name).stat().st_size
    except OSError as error:
        raise outbox.TryLater(f"IHOME_PRIVATE: {error.strerror}") from None
    except IdentityUnreadable:
        raise outbox.TryLater("IHOME_IDENTITY_KEYS: the key that sealed this identity is missing") from None
    except StorageDown as error:
        raise outbox.TryLater(str(error.facts["reason"])) from None
    in_transaction(actions.mark_ready, name, size)


@outbox.on("archive.ready")
def mail_archive(name: str) -> None:
    """May run twice; the mail's key is the archive's name. Its link leads nobody in who is not signed in."""
    with reading():
        archive = queries.find_by_name(name)
        if archive is None:
            return
        user = get_user(archive.user_id)
    send_mail(
        "archive_ready",
        to=user.email,
        language=user.language,
        key=name,
        user_name=user.name,
        deadline=archive.kept_until,
        account_url=f"{config().base_url}/me#data",
    )


@every(timedelta(hours=1))
def remove_expired_archives() -> int:
    """Forget archives that were kept long enough, and remove every file of ours without a row; how many files."""
    in_transaction(actions.forget_expired)
    with reading():
        named = queries.list_names()
    return remove_strays(named)
