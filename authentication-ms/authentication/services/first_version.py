"""Converts a database of the first version when the service starts. Repeatable, and safe beside another replica.

Its rows `{_id, email, role, password_hash}` get their `email_key`. E-mails that differed in case only were different
accounts there, and nobody shall lose theirs: the one written in the key's spelling, else the oldest, gets the key,
and each other keeps its own spelling as its key; signing in looks for the exact spelling first. A row whose very
spelling is taken could never sign in before either: it is kept, out of reach.
"""

import structlog

from authentication.domain import emails
from authentication.repositories.users import Users

log = structlog.get_logger()


async def convert_first_version(users: Users) -> None:
    """Give each row without one its `email_key`; the unique index decides who gets it."""
    await _give_keys(users, only_key_spelling=True)
    await _give_keys(users, only_key_spelling=False)


async def _give_keys(users: Users, *, only_key_spelling: bool) -> None:
    async for user_id, email in users.without_key():
        key = emails.key(email)
        if only_key_spelling and email != key:
            continue
        if await users.give_key(user_id, key):
            continue
        if await users.give_key(user_id, emails.normal(email)):
            log.warning("two accounts differ in case only; each keeps its own spelling", user_id=str(user_id))
            continue
        await users.give_key(user_id, f"unreachable:{user_id}")
        log.warning("an account with the same e-mail exists; this one stays out of reach", user_id=str(user_id))
