"""Passwords: argon2id, off the event loop, a bounded number at once, and the same work whatever the answer is.

Cost m=19 MiB, t=2, p=1: OWASP, Password Storage Cheat Sheet.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from pwdlib.hashers.argon2 import Argon2Hasher
from shop_kit.bounded_threads import BoundedThreads

AT_ONCE = 2
"""Hashes computed at the same time: each takes 19 MiB and a core."""
QUEUE = 16
"""How many more may wait, about half a second; the next is told to come back."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and the hash to store instead of an outdated one."""

    right: bool
    better_hash: str | None = None


class Passwords:
    """Hashes and verifies passwords.

    Each method raises UnavailableError when too many are waiting. Close it when done.
    """

    def __init__(self) -> None:
        self._argon2 = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
        self._nobodys_hash = self._argon2.hash(secrets.token_urlsafe())
        self._threads = BoundedThreads("argon2", AT_ONCE, QUEUE)

    async def hash(self, password: str) -> str:
        """A hash of `password` to store."""
        return await self._threads.run(lambda: self._argon2.hash(password))

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare `password` with the hash of an account, or with nobody's (None), which is always wrong.

        A wrong password takes one argon2 computation in every case, so that time does not tell whether an account
        exists.
        """
        return await self._threads.run(lambda: self._verify(password, stored))

    def _verify(self, password: str, stored: str | None) -> Verdict:
        if stored is not None and _SHA256.fullmatch(stored):
            digest = hashlib.sha256(password.encode()).hexdigest()
            if hmac.compare_digest(digest, stored.lower()):
                return Verdict(True, self._argon2.hash(password))
            stored = None
        right = self._argon2.verify(password, stored or self._nobodys_hash)
        if not right or stored is None:
            return Verdict(False)
        return Verdict(True, self._argon2.hash(password) if self._argon2.check_needs_rehash(stored) else None)

    async def close(self) -> None:
        await self._threads.close()
