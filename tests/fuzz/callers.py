"""What the fuzzers know of the shop: its ports, good tokens, and what can be bought."""

import secrets
import time
from dataclasses import dataclass, field
from random import Random

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey
from local_stack.stack import Stack

from tests.fuzz.cases import Case, Header, request

LIFE_SECONDS = 4 * 3600
USERS = 40
SERVICES = {"authentication": "authentication-ms", "products": "products-ms", "orders": "orders-ms"}


@dataclass
class Callers:
    """Good tokens by e-mail, of users who exist in tokens only; and three accounts with real ones:

    `signed_in` is as it should be, `signed_out` has signed out everywhere, `gone` is no more. Each has `access_token`
    and `refresh_token`. `names` and `slugs` are of products that fuzzers may buy and restock, `orders` the ids of one
    order of each user. `password` is in every good request to register or sign in, and must be seen nowhere.
    """

    ports: dict[str, int]
    key: ECKey
    password: str = field(default_factory=lambda: "s3cret-" + secrets.token_hex(8))
    users: dict[str, str] = field(default_factory=dict)
    admin: str = ""
    signed_in: dict[str, str] = field(default_factory=dict)
    signed_out: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)

    def token(self, email: str, role: str = "user", seconds: int = LIFE_SECONDS, **claims: object) -> str:
        """A token as authentication-ms signs it."""
        said = {"email": email, "role": role, "exp": int(time.time()) + seconds} | claims
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, said, self.key)

    def call(
        self,
        random: Random,
        kind: str,
        verb: str,
        path: str,
        body: bytes | None = None,
        headers: list[Header] | None = None,
        role: str = "user",
        **how: object,
    ) -> Case:
        """A case on a public path, which now and then goes to the service itself. Without a `role`, without a token."""
        email = role and self._who(random, path, role)
        token = self.admin if role == "admin" else self.users.get(email)
        said: list[Header] = [("Authorization", f"Bearer {token}")] if role else []
        door, target = self.door(random, path)
        pieces = (request(verb, target, said + (headers or []), body),)
        return Case(kind, door, pieces, caller=email, role=role, **how)  # type: ignore[arg-type]

    def _who(self, random: Random, path: str, role: str) -> str:
        if role == "admin":
            return "admin@admin.com"
        if path.startswith("/api/logout-everywhere"):
            # The others are in no database.
            return "signed_out@example.test"
        for email, order in self.orders.items():
            if order in path:
                return email
        return random.choice(list(self.users))

    def door(self, random: Random, path: str) -> tuple[str, str]:
        """Mostly the gateway; else the service that a public path leads to, and the path there."""
        name = path.removeprefix("/api/").split("/")[0].split("?")[0]
        service = {
            **{"products": "products-ms", "categories": "products-ms", "pictures": "products-ms"},
            "orders": "orders-ms",
        }.get(name)
        if name in ("login", "register", "refresh", "logout", "logout-everywhere"):
            service = "authentication-ms"
        if service is None or random.random() > 0.15:
            return "gateway-ms", path
        return service, path.removeprefix("/api")


def introduced(stack: Stack) -> Callers:
    """Sign the callers in, and wait for nothing else. The products come later."""
    key = ECKey.import_key((stack.folder / "keys" / "access-token-key.pem").read_bytes())
    key.ensure_kid()
    callers = Callers(stack.ports, key)
    callers.users = {f"fuzzer{n}@example.test": callers.token(f"fuzzer{n}@example.test") for n in range(USERS)}
    callers.admin = callers.token("admin@admin.com", "admin")
    with httpx2.Client(base_url=stack.url, timeout=30) as http:
        for name in ("signed_in", "signed_out", "gone"):
            account = {"email": f"{name}@example.test", "password": callers.password}
            assert http.post("/register", json=account).status_code == 201
            callers.accounts.add(account["email"])
            setattr(callers, name, http.post("/login", json=account).raise_for_status().json())
        callers.users["signed_out@example.test"] = callers.signed_out["access_token"]
        out = {"Authorization": f"Bearer {callers.signed_out['access_token']}"}
        assert http.post("/logout-everywhere", headers=out).status_code == 204
    return callers
