"""The keys that sign tokens: one ES256 pair, or the two HS256 secrets of the first version.

A key pair is made at the first start. It appears in the folder by a hard link, which is atomic and never replaces:
of two processes that start at once, both use the key of whichever was first.
"""

import contextlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, KeySetSerialization, OctKey
from pydantic import SecretStr

from authentication.settings import Settings

KEY_FILE = "access-token-key.pem"


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs access and refresh tokens, what else a refresh token may be signed with, and what is published."""

    algorithm: str
    access: Key
    refresh: Key
    accepted: list[Key]
    published: KeySet

    def jwks(self) -> KeySetSerialization:
        """The public keys, as RFC 7517 writes them."""
        return self.published.as_dict(private=False, use="sig", alg=self.algorithm)


def load_keys(settings: Settings) -> Keys:
    """The keys that `settings` name; a key that can't be read stops the start (exit code 78, EX_CONFIG)."""
    if settings.jwt_token_alg == "HS256":
        access, refresh = (
            _secret(s) for s in (settings.jwt_access_token_secret_key, settings.jwt_refresh_token_secret_key) if s
        )
        former = settings.jwt_previous_refresh_token_secret_key
        return Keys("HS256", access, refresh, [refresh, *([_secret(former)] if former else [])], KeySet([]))
    own = _read(settings.jwt_private_key_file or _made_once(settings.jwt_keys_folder), private=True)
    second = settings.jwt_second_public_key_file
    pairs = [own, *([_read(second)] if second else [])]
    return Keys("ES256", own, own, list(pairs), KeySet(list(pairs)))


def _secret(value: SecretStr) -> OctKey:
    return OctKey.import_key(value.get_secret_value())


def _read(path: Path, *, private: bool = False) -> ECKey:
    try:
        key = ECKey.import_key(path.read_bytes())
        if key.curve_name != "P-256":
            raise ValueError("ES256 needs a key on the curve P-256")
        if private and not key.is_private:
            raise ValueError("it has no private key")
    except (OSError, ValueError, JoseError) as error:
        sys.stderr.write(f"Can't start, the key file {path} is not usable: {error}\n")
        raise SystemExit(78) from None
    key.ensure_kid()
    return key


def _made_once(folder: Path) -> Path:
    target = folder / KEY_FILE
    try:
        if not target.exists():
            _make(target)
    except OSError as error:
        sys.stderr.write(f"Can't start, no key can be made in {folder}, and JWT_PRIVATE_KEY_FILE names none: {error}\n")
        raise SystemExit(78) from None
    return target


def _make(target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made with mode 0600.
    descriptor, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(ECKey.generate_key("P-256").as_pem(private=True))
        file.flush()
        os.fsync(descriptor)
    with contextlib.suppress(FileExistsError):
        os.link(draft, target)
    Path(draft).unlink()
