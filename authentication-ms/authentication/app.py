"""authentication-ms: accounts and tokens. Served as `uvicorn --factory authentication.app:create_app`."""

from fastapi import FastAPI
from shop_kit.identity import TokenVerifier
from shop_kit.life import Life
from shop_kit.mongo import Mongo
from shop_kit.outage import install_outage_handler
from shop_kit.service import create_service
from shop_kit.settings import load

from authentication.controllers import accounts as account_routes
from authentication.controllers import keys as key_routes
from authentication.controllers import sessions as session_routes
from authentication.controllers.cookie import SessionCookie
from authentication.repositories.families import Families
from authentication.repositories.users import Users
from authentication.services.accounts import Accounts
from authentication.services.first_version import convert_first_version
from authentication.services.keys import load_keys
from authentication.services.passwords import Passwords
from authentication.services.sessions import Sessions
from authentication.services.start_data import add_start_data
from authentication.services.tokens import Tokens
from authentication.settings import Settings


def create_app() -> FastAPI:
    """The service, by the environment's settings; what is wrong with them stops it with exit code 78."""
    settings = load(Settings)
    keys = load_keys(settings)
    mongo = Mongo(settings, settings.instance)
    users, families, passwords = Users(mongo), Families(mongo), Passwords()
    tokens = Tokens(keys, settings.jwt_access_token_expire_minutes, settings.jwt_refresh_token_expire_minutes)
    accounts = Accounts(users, passwords, tokens)

    async def begin() -> None:
        await mongo.end_former_life()
        await users.ensure_index()
        await convert_first_version(users)
        await users.ensure_validator()
        await families.ensure_index_and_validator()
        if settings.environment == "development":
            await add_start_data(accounts)

    app = create_service(
        "authentication-ms",
        settings,
        [account_routes.router, session_routes.router, session_routes.refresh_router],
        Life(begin, close=(passwords.close, mongo.close)),
        ready=[mongo.check],
        always=[key_routes.router],
    )
    install_outage_handler(app)
    app.state.accounts = accounts
    app.state.sessions = Sessions(users, families, tokens)
    app.state.cookie = SessionCookie(secure=settings.environment != "development")
    app.state.keys = keys
    app.state.verifier = TokenVerifier(settings, keys.published)
    return app
