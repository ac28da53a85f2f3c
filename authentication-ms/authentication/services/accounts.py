"""What an account can do: come to be, sign in, stay signed in, sign out everywhere."""

from dataclasses import dataclass

from authentication.domain import emails
from authentication.errors import EmailNotAcceptableError, IncorrectTokenError, WrongCredentialsError
from authentication.models import Role, User
from authentication.repositories.users import Users
from authentication.services.passwords import Passwords
from authentication.services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of the shop. Where a password is hashed, UnavailableError says that too many are waiting."""

    users: Users
    passwords: Passwords
    tokens: Tokens

    async def register(self, email: str, password: str, role: Role = "user") -> User:
        """A new account; raises EmailNotAcceptableError if `email` is malformed or has one already."""
        if not emails.is_acceptable(email):
            raise EmailNotAcceptableError()
        user = await self.users.add(emails.normal(email), await self.passwords.hash(password), role)
        if user is None:
            raise EmailNotAcceptableError()
        return user

    async def login(self, email: str, password: str) -> User:
        """The account of `email`, if the password is right.

        Raises EmailNotAcceptableError for a malformed e-mail and WrongCredentialsError for an unknown one or a wrong
        password. An outdated hash, such as the first version's, is replaced.
        """
        if not emails.is_acceptable(email):
            raise EmailNotAcceptableError()
        user = await self.users.find(email)
        verdict = await self.passwords.verify(password, user.password_hash if user else None)
        if user is None or not verdict.right:
            raise WrongCredentialsError()
        if verdict.better_hash:
            await self.users.replace_hash(user, verdict.better_hash)
        return user

    async def refresh(self, refresh_token: str) -> str:
        """A new access token with the account's role of now; raises IncorrectTokenError."""
        grant = self.tokens.read_refresh(refresh_token)
        user = await self.users.find(grant.email)
        if user is None or not grant.covers(user):
            raise IncorrectTokenError()
        return self.tokens.access(user)

    async def sign_out_everywhere(self, email: str) -> None:
        """End every refresh token of the account; access tokens given out before run out by themselves.

        Raises IncorrectTokenError if the account is gone.
        """
        user = await self.users.find(email)
        if user is None:
            raise IncorrectTokenError()
        await self.users.end_refresh_tokens(user)
