"""Registration, sign-in, profile and identity over JSON (contract: Verification, Account)."""

from typing import Any

from flask import Response, request

from ihome.accounts import actions, captcha, codes, queries
from ihome.accounts.errors import (
    AddressRegistered,
    AlreadyVerified,
    BadAddress,
    BadIdentityNumber,
    CodeMailedRecently,
    IdentityUnreadable,
    IdentityUsed,
    NameTaken,
    NoFile,
    NotVerified,
    NoValidCode,
    PasswordsDiffer,
    PictureExpired,
    PictureNeeded,
    TooManyCodeMails,
    TooManyFailures,
    TooManyPictures,
    WeakPassword,
    WrongCode,
    WrongCredentials,
    WrongPassword,
    WrongPicture,
)
from ihome.accounts.forms import (
    ChangePasswordForm,
    CodeQuery,
    IdentityForm,
    LanguageForm,
    NicknameForm,
    RegisterForm,
    ResetCodeForm,
    ResetPasswordForm,
    SignInForm,
    checked_address,
)
from ihome.accounts.identity_number import read_identity_number
from ihome.accounts.models import User
from ihome.accounts.passwords import hash_password, is_password, is_weak, needs_rehash
from ihome.accounts.signin import COOKIE, current_user, current_user_id, drop_cookie, find_current_user, sign_in
from ihome.kit import clock, i18n
from ihome.kit.browser import client_ip, csrf_token
from ihome.kit.db import in_transaction, reading, reads, writes
from ihome.kit.errors import BadInput, NotSignedIn, StoreDown
from ihome.kit.http import Api, ok, parse, parse_query, uploaded
from ihome.storage.media import StorageDown, media_url
from ihome.storage.pictures import (
    NotAPicture,
    PicturesBusy,
    TooManyUploads,
    count_upload,
    keep_avatar,
    read_picture,
)

api = Api("accounts")


# --- verification ---------------------------------------------------------------------------------------------------


@api.get("/get_image_codes/<code_id>", media_type="image/png", raises=(BadInput, TooManyPictures, StoreDown))
def get_picture_code(code_id: str) -> Response:
    """A picture code under an id that the client made."""
    return _unstored(captcha.make_picture(code_id, client_ip()), "image/png")


api.get("/image_codes/<code_id>", media_type="image/png", raises=(BadInput, TooManyPictures, StoreDown))(
    get_picture_code
)


@api.get(
    "/get_image_codes/<code_id>/audio",
    media_type="audio/wav",
    raises=(BadInput, TooManyPictures, PictureExpired),
)
def get_audio_code(code_id: str) -> Response:
    """A code spoken, for people who cannot read the picture; it replaces the picture's."""
    return _unstored(captcha.make_audio(code_id, client_ip()), "audio/wav")


def _unstored(content: bytes, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Cache-Control": "no-store"})


@api.get(
    "/get_email_codes/<email>",
    query=CodeQuery,
    raises=(
        BadInput,
        PictureExpired,
        WrongPicture,
        CodeMailedRecently,
        TooManyCodeMails,
        AddressRegistered,
        StoreDown,
    ),
)
def mail_register_code(email: str) -> Response:
    """Queue a mail with a 6-digit code for registering this address."""
    query = parse_query(CodeQuery)
    try:
        email = checked_address(email)
    except BadAddress:
        raise BadInput(errors={"email": BadAddress.errmsg}) from None
    captcha.check_picture(query.image_code_id, query.image_code)
    codes.check_may_mail("register", email, client_ip())
    with reading():
        if queries.is_registered(email):
            raise AddressRegistered
    _mail_code("register", email)
    return ok()


def _mail_code(purpose: str, email: str) -> None:
    code = codes.make_code(purpose, email, client_ip())
    try:
        in_transaction(actions.promise_code, email, code, purpose, i18n.language())
    except Exception:
        codes.drop_code(purpose, email)
        raise


# --- registering and signing in --------------------------------------------------------------------------------------


@api.post(
    "/users",
    takes=RegisterForm,
    raises=(
        BadInput,
        PasswordsDiffer,
        BadAddress,
        WeakPassword,
        NoValidCode,
        WrongCode,
        AddressRegistered,
        StoreDown,
    ),
)
def register() -> Response:
    """Register with the code from the mail; signs in."""
    form = parse(RegisterForm)
    _check_same(form.password, form.confirm_password)
    email = checked_address(form.email)
    _check_strength(form.password, email)
    codes.check_code("register", email, form.email_code)
    with reading():
        if queries.is_registered(email):
            raise AddressRegistered
    password_hash = hash_password(form.password)
    codes.take_code("register", email, form.email_code)
    user = in_transaction(actions.register, email, password_hash, i18n.language())
    return sign_in(ok({"user_id": user.id, "name": user.name}), user.id)


@api.post(
    "/sessions",
    takes=SignInForm,
    raises=(
        BadInput,
        BadAddress,
        TooManyFailures,
        PictureNeeded,
        PictureExpired,
        WrongPicture,
        WrongCredentials,
        StoreDown,
    ),
)
def open_session() -> Response:
    """Sign in. One message and the same time for unknown and known addresses."""
    form = parse(SignInForm)
    email = checked_address(form.email)
    has_picture = bool(form.image_code and form.image_code_id)
    codes.check_may_sign_in(email, client_ip(), has_picture=has_picture)
    if form.image_code and form.image_code_id:
        captcha.check_picture(form.image_code_id, form.image_code)
    with reading():
        user = queries.find_user(email)
    if not is_password(form.password, user.password_hash if user and user.is_active else None) or user is None:
        codes.note_failure(email, client_ip())
        raise WrongCredentials
    codes.note_success(email, client_ip(), has_picture=has_picture)
    if needs_rehash(user.password_hash):
        in_transaction(actions.rehash_password, user.id, hash_password(form.password))
    return sign_in(ok({"user_id": user.id, "name": user.name}), user.id)


class NobodySignedIn(NotSignedIn):
    errmsg = i18n.Text("false")  # The contract's word for GET /sessions; the catalogues leave it as it is.


@api.get("/sessions", raises=(NobodySignedIn,))
@reads
def who_am_i() -> Response:
    """Who is signed in. Sets the csrf_token cookie where it is absent."""
    csrf_token()
    user = find_current_user()
    if user is None:
        raise NobodySignedIn
    return ok({"name": user.name, "user_id": user.id})


@api.delete("/sessions")
@writes
def close_session() -> Response:
    """Sign out. The CSRF token stays valid."""
    if token := request.cookies.get(COOKIE):
        actions.close_session(token)
    return drop_cookie(ok())


@api.delete("/users/sessions", auth=True, extension=True)
@writes
def close_all_sessions() -> Response:
    """Sign out everywhere."""
    actions.close_all_sessions(current_user())
    return drop_cookie(ok())


# --- passwords ------------------------------------------------------------------------------------------------------


@api.post(
    "/users/password_resets",
    takes=ResetCodeForm,
    extension=True,
    raises=(BadInput, BadAddress, PictureExpired, WrongPicture, CodeMailedRecently, TooManyCodeMails, StoreDown),
)
def mail_reset_code() -> Response:
    """Queue a mail with a code for a new password. The answer is the same for an unknown address."""
    form = parse(ResetCodeForm)
    email = checked_address(form.email)
    captcha.check_picture(form.image_code_id, form.image_code)
    codes.check_may_mail("reset", email, client_ip())
    with reading():
        known = queries.is_registered(email)
    if known:
        _mail_code("reset", email)
    else:
        codes.make_code("reset", email, client_ip())  # Counts and cools down alike; nobody is sent anything.
    return ok()


@api.put(
    "/users/password_resets",
    takes=ResetPasswordForm,
    extension=True,
    raises=(BadInput, PasswordsDiffer, BadAddress, WeakPassword, NoValidCode, WrongCode, StoreDown),
)
def reset_password() -> Response:
    """Set a new password with the code from the mail. All sessions end."""
    form = parse(ResetPasswordForm)
    _check_same(form.password, form.confirm_password)
    email = checked_address(form.email)
    _check_strength(form.password, email)
    codes.check_code("reset", email, form.email_code)
    with reading():
        user = queries.find_user(email)
    if user is None:
        raise NoValidCode
    password_hash = hash_password(form.password)
    codes.take_code("reset", email, form.email_code)
    in_transaction(lambda: actions.set_password(queries.get_user(user.id), password_hash))
    return ok()


@api.put(
    "/users/password",
    takes=ChangePasswordForm,
    auth=True,
    extension=True,
    raises=(BadInput, PasswordsDiffer, WeakPassword, TooManyFailures, WrongPassword),
)
def change_password() -> Response:
    """Change the password. All other sessions end; this one gets a new id."""
    with reading():
        user = current_user()
    form = parse(ChangePasswordForm)
    _check_same(form.password, form.confirm_password)
    _check_strength(form.password, user.email)
    codes.check_may_sign_in(user.email, client_ip(), has_picture=True)
    if not is_password(form.current_password, user.password_hash):
        codes.note_failure(user.email, client_ip())
        raise WrongPassword
    codes.note_success(user.email, client_ip(), has_picture=True)
    password_hash = hash_password(form.password)
    in_transaction(lambda: actions.set_password(current_user(), password_hash))
    return sign_in(ok(), user.id)


def _check_same(password: str, confirm_password: str) -> None:
    if password != confirm_password:
        raise PasswordsDiffer(errors={"confirm_password": PasswordsDiffer.errmsg})


def _check_strength(password: str, email: str) -> None:
    if is_weak(password, email):
        raise WeakPassword(errors={"password": WeakPassword.errmsg})


# --- profile and identity -------------------------------------------------------------------------------------------


@api.get("/users/user_info", auth=True)
@reads
def show_user() -> Response:
    """One's own profile."""
    return ok(_profile(current_user()))


def _profile(user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "name": user.name,
        "email": user.email,
        "avatar_url": media_url(user.avatar_url),
        "create_time": clock.local_text(user.create_time),
    }


@api.post(
    "/users/avatar",
    files=("avatar",),
    auth=True,
    raises=(NoFile, TooManyUploads, PicturesBusy, NotAPicture, StorageDown),
)
def set_avatar() -> Response:
    """Set one's picture: the middle square of what is sent."""
    user_id = current_user_id()
    sent = uploaded("avatar")
    if sent is None:
        raise NoFile
    count_upload(user_id)
    key = keep_avatar(read_picture(sent.stream))
    in_transaction(lambda: actions.set_avatar(current_user(), key))
    return ok({"avatar_image_url": media_url(key)})


@api.post("/users/nickname", takes=NicknameForm, auth=True, raises=(BadInput, NameTaken))
@writes
def set_nickname() -> Response:
    """Choose a name."""
    user, form = current_user(), parse(NicknameForm)
    actions.set_name(user, form.nickname)
    return ok({"nickname": form.nickname})


@api.put("/users/language", takes=LanguageForm, auth=True, extension=True, raises=(BadInput,))
@writes
def set_language() -> Response:
    """Save one's language; mails and pages follow it."""
    user, form = current_user(), parse(LanguageForm)
    actions.set_language(user, form.language)
    return ok({"language": form.language})


@api.post(
    "/users/auths",
    takes=IdentityForm,
    auth=True,
    raises=(BadInput, BadIdentityNumber, AlreadyVerified, IdentityUsed),
)
@writes
def verify_identity() -> Response:
    """Verify one's identity by real name and number."""
    user, form = current_user(), parse(IdentityForm)
    try:
        number = read_identity_number(form.id_card, clock.today())
    except ValueError:
        raise BadIdentityNumber(errors={"id_card": BadIdentityNumber.errmsg}) from None
    return ok(actions.verify_identity(user, form.real_name, number).masked())


@api.get("/users/real_info", auth=True, raises=(NotVerified, IdentityUnreadable))
@reads
def show_identity() -> Response:
    """One's verified identity, masked."""
    user = current_user()
    identity = queries.find_identity(user.id)
    if identity is None:
        raise NotVerified
    return ok({"user_id": user.id, **identity.masked()})
