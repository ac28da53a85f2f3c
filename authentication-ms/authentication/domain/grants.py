"""What tokens stand for, beside access tokens."""

from dataclasses import dataclass
from typing import Any, Self

from authentication.models import User


@dataclass(frozen=True, slots=True)
class Grant:
    """What a refresh or session token stands for: an account, until that signs out everywhere."""

    email: str
    subject: str
    generation: int

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.email, str(user.id), user.generation)

    def covers(self, user: User) -> bool:
        """Whether it was given to this very account, and not before its last sign-out everywhere."""
        return self.subject == str(user.id) and self.generation == user.generation

    def claims(self) -> dict[str, Any]:
        return {"email": self.email, "sub": self.subject, "generation": self.generation}


@dataclass(frozen=True, slots=True)
class Turn:
    """A session token's place in its family, which ends at the Unix time `expires`, however many turns it takes."""

    grant: Grant
    family: str
    number: int
    expires: int
