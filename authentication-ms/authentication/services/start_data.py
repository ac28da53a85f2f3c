"""The demo accounts of a development shop; each password equals its e-mail."""

import contextlib

from authentication.errors import EmailNotAcceptableError
from authentication.models import Role
from authentication.services.accounts import Accounts

DEMO_ACCOUNTS: dict[str, Role] = {
    "aaa@aaa.com": "user",
    "bbb@bbb.com": "user",
    "ccc@ccc.com": "user",
    "admin@admin.com": "admin",
}


async def add_start_data(accounts: Accounts) -> None:
    """Register the demo accounts in a database without any account."""
    if not await accounts.users.is_empty():
        return
    for email, role in DEMO_ACCOUNTS.items():
        # Another replica may be seeding too.
        with contextlib.suppress(EmailNotAcceptableError):
            await accounts.register(email, email, role)
