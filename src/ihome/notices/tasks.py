"""Mails about accounts. Those about orders are sent by the features above, which know the facts."""

from ihome.accounts.codes import LASTS
from ihome.kit import outbox
from ihome.notices.mails import send_mail


@outbox.on("code.made")
def mail_code(email: str, code: str, purpose: str, language: str) -> None:
    """May run twice: the code is the key, so it is the same mail."""
    send_mail(
        "code", to=email, language=language, key=f"{purpose}-{code}", code=code, purpose=purpose, minutes=LASTS // 60
    )
