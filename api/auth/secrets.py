"""Random tokens and their hashes; passwords."""

import hashlib
import hmac
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

TOKEN_PREFIX = "rounds_"
TOKEN_BYTES = 32

_passwords = PasswordHash((Argon2Hasher(),))


def new_token(prefix: str = "") -> str:
    """A token of 256 random bits, for a URL or header."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """SHA-256 in hexadecimal: enough for a token that is itself random."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(a: str, b: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(a.encode("utf-8", "surrogatepass"), b.encode("utf-8", "surrogatepass"))


def hash_password(password: str) -> str:
    """argon2id hash of a password, with its salt and parameters."""
    return _passwords.hash(password)


def check_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether a password is right, and a new hash when the parameters have moved on.

    Without a hash (no such account, or one that signs in elsewhere) the work is done all the same, so that the time
    of the answer does not tell which accounts exist.
    """
    if hashed is None:
        _passwords.verify(password, DUMMY_HASH)
        return False, None
    return _passwords.verify_and_update(password, hashed)


DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$YnV0IG5vYm9keXMgcGFzc3dvcmQgZ2l2ZXMgdGhpcyE"
"""No password has this hash."""
