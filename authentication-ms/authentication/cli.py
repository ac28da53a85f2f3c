"""Commands for operators: `python -m authentication.cli make-admin EMAIL`."""

import argparse
import asyncio
import sys

from shop_kit.mongo import Mongo
from shop_kit.settings import MongoSettings, load

from authentication.repositories.users import Users


async def make_admin(email: str) -> bool:
    """Make the account of `email` an admin, from its next access token on; False if there is none."""
    mongo = Mongo(load(MongoSettings), "cli")
    try:
        users = Users(mongo)
        user = await users.find(email)
        if user is None:
            return False
        await users.set_role(user, "admin")
        return True
    finally:
        await mongo.close()


def main() -> int:
    """Run the command; exit code 1 when there is no such account."""
    parser = argparse.ArgumentParser(prog="python -m authentication.cli")
    command = parser.add_subparsers(required=True).add_parser("make-admin", help="make an account an admin")
    command.add_argument("email")
    email: str = parser.parse_args().email
    if not asyncio.run(make_admin(email)):
        sys.stderr.write(f"There is no account {email}\n")
        return 1
    sys.stdout.write(f"{email} is an admin\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
