"""Passwords, keys, sealed secrets, signatures and identity tokens."""

import base64
import hashlib
import hmac

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

from core import clock

_passwords = PasswordHasher()
_LONGEST_TOKEN_LIFE = 3_600  # seconds
_CLOCK_LEEWAY = 30  # seconds


class RefusedToken(Exception):
    """An identity token is not valid; the message says why, in words that may be shown to a shop developer."""


class UnreadableSecret(Exception):
    """A sealed secret was made with another REGULARS_SECRET_KEY."""

    def __init__(self) -> None:
        super().__init__("A stored secret cannot be opened: REGULARS_SECRET_KEY is not the one it was sealed with.")


def hash_password(password: str) -> str:
    """Argon2id with the library's current parameters."""
    return _passwords.hash(password)


def password_matches(hashed: str, password: str) -> bool:
    """Whether the password is the one behind the hash; takes the same time either way."""
    try:
        return _passwords.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def hash_key(key: str) -> str:
    """SHA-256 of a key of 32 random bytes; such a key needs no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def seal(secret: str, master: str) -> str:
    """Encrypt with REGULARS_SECRET_KEY (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _fernet(master).encrypt(secret.encode()).decode()


def unseal(sealed: str, master: str) -> str:
    """Undo `seal`; raises UnreadableSecret where the key is another."""
    try:
        return _fernet(master).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def sign(secret: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def identity(token: str, *, secret: str, audience: str) -> str:
    """The user id an identity token proves: HS256 only, `aud` the store, `exp` at most an hour ahead.

    Raises RefusedToken.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=audience,
            # The time is compared below, with the clock that tests can hold.
            options={"require": ["exp", "sub", "aud"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        left = float(claims["exp"]) - clock.now() / clock.SECOND
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise RefusedToken(f"The identity token was refused: {error}.") from error
    if left < -_CLOCK_LEEWAY:
        raise RefusedToken("The identity token was refused: it has expired.")
    if left > _LONGEST_TOKEN_LIFE + _CLOCK_LEEWAY:
        raise RefusedToken("The identity token was refused: it may be valid for one hour at most.")
    return str(claims["sub"])


def _fernet(master: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"regulars seal" + master.encode()).digest()))
