"""People, what proves who they are, and where they are signed in."""

from datetime import date, datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ihome.accounts.errors import IdentityUnreadable
from ihome.accounts.identity_number import is_adult, mask_name, mask_number
from ihome.config import config
from ihome.kit import crypto
from ihome.kit.db import Row

log = structlog.get_logger()


class User(Row):
    """A person: guest, landlord, operator, or all three."""

    __tablename__ = "ih_user_profile"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    name: Mapped[str] = mapped_column(String(32), unique=True)
    chose_name: Mapped[bool] = mapped_column(default=False)  # Who never did comments as 匿名用户.
    password_hash: Mapped[str] = mapped_column(String(128))
    email: Mapped[str] = mapped_column(String(254), unique=True)  # Lower case: one address, one account.
    mobile: Mapped[str | None] = mapped_column(String(20), unique=True)
    avatar_url: Mapped[str | None] = mapped_column(String(128))  # The key in storage, not an address.
    language: Mapped[str | None] = mapped_column(String(8))
    is_operator: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)

    identity: Mapped["Identity | None"] = relationship(back_populates="user", lazy="select")

    @property
    def is_verified(self) -> bool:
        return self.identity is not None


class Identity(Row):
    """What a verified identity number says. The number itself is sealed; its keyed hash keeps it unique."""

    __tablename__ = "ih_id_card"

    user_id: Mapped[int] = mapped_column(ForeignKey("ih_user_profile.id"), unique=True)
    real_name: Mapped[str] = mapped_column(String(64))
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address_code: Mapped[str] = mapped_column(String(6))
    abandoned: Mapped[bool]  # The region code is no longer in use.
    address: Mapped[str] = mapped_column(String(128))
    birthday_code: Mapped[str] = mapped_column(String(10))
    constellation: Mapped[str] = mapped_column(String(8))
    chinese_zodiac: Mapped[str] = mapped_column(String(4))
    sex: Mapped[int]  # 1 male, 0 female, as the number says.
    length: Mapped[int]
    check_bit: Mapped[str] = mapped_column(String(1))

    user: Mapped[User] = relationship(back_populates="identity")

    def is_adult(self, today: date) -> bool:
        return is_adult(date.fromisoformat(self.birthday_code), today)

    def seal(self, number: str) -> None:
        """Keep this number, encrypted under the newest key and bound to its user."""
        self.number = crypto.encrypt(config().identity_keys, number, bound_to=f"ih_id_card:{self.user_id}")
        self.number_hash = hash_number(number)

    def open_number(self) -> str:
        """Raises IdentityUnreadable where the key that sealed it is not there any more."""
        return open_sealed(self.user_id, self.number)

    def masked(self) -> dict[str, Any]:
        return {"real_name": mask_name(self.real_name), "id_card": mask_number(self.open_number())}


def open_sealed(user_id: int, number: bytes) -> str:
    """The number of this user's identity. Raises IdentityUnreadable."""
    found = find_sealed(user_id, number)
    if found is None:
        log.error("identity.unreadable", key=crypto.key_number(number))
        raise IdentityUnreadable
    return found


def find_sealed(user_id: int, number: bytes) -> str | None:
    """The number of this user's identity; None where today's keys do not open it."""
    try:
        return crypto.decrypt(config().identity_keys, number, bound_to=f"ih_id_card:{user_id}")
    except (KeyError, InvalidTag):
        return None


def hash_number(number: str) -> str:
    return crypto.keyed_hash(config().identity_hash_key, "identity", number)


class LoginSession(Row):
    """One browser signed in. The cookie holds a random token, the row its hash: a leaked row opens nothing."""

    __tablename__ = "ih_login_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("ih_user_profile.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
