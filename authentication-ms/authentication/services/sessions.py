"""How a browser stays signed in: by session tokens, each good for one turn.

A sign-in begins a family of tokens. Each refresh takes the token of the family's turn and gives that of the next one.
An older token was used before, by its owner or by a thief, and nobody can tell which: then the family ends, and both
are out. Within a grace of 10 s the former token gets the token of the present turn again, so two tabs may refresh at
once, and a client whose answer got lost may ask again. Why the family also ends on a fixed day: decision 21. Tested
in tests/test_sessions.py, and tests/test_session_races.py.
"""

import contextlib
import time
from dataclasses import dataclass, replace

import structlog

from authentication.domain.grants import Grant, Turn
from authentication.errors import IncorrectTokenError
from authentication.models import User
from authentication.repositories.families import Families
from authentication.repositories.users import Users
from authentication.services.tokens import Tokens

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Session:
    """A session token, and the Unix time when it expires."""

    token: str
    expires: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sign-ins of browsers."""

    users: Users
    families: Families
    tokens: Tokens

    async def begin(self, user: User) -> Session:
        """A new family for a sign-in of `user`, at its first turn."""
        expires = int(time.time()) + self.tokens.refresh_seconds
        return self._at(Turn(Grant.of(user), await self.families.begin(expires), 0, expires))

    async def refresh(self, token: str) -> tuple[str, Session]:
        """A new access token with the account's role of now, and the session of the next turn.

        Raises IncorrectTokenError, and then `token` and its family are worthless.
        """
        turn = self.tokens.read_session(token)
        user = await self.users.find(turn.grant.email)
        if user is None or not turn.grant.covers(user):
            await self.families.end(turn.family)
            raise IncorrectTokenError()
        if not await self.families.move_on(turn.family, turn.number):
            if await self.families.end(turn.family):
                log.warning("a session token was used twice, its session is over", user_id=turn.grant.subject)
            raise IncorrectTokenError()
        return self.tokens.access(user), self._at(replace(turn, number=turn.number + 1))

    async def end(self, token: str) -> None:
        """Sign out: end the family of `token`, if it is one of ours."""
        with contextlib.suppress(IncorrectTokenError):
            await self.families.end(self.tokens.read_session(token).family)

    def _at(self, turn: Turn) -> Session:
        return Session(self.tokens.session(turn), turn.expires)
