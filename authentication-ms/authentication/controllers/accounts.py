"""Routes that make an account and end its sessions."""

from fastapi import APIRouter
from shop_kit.identity import SignedIn

from authentication.controllers.parts import AccountsPart
from authentication.schemas import Account, Credentials, problems

router = APIRouter(tags=["authentication"])


@router.post("/register", status_code=201, summary="Make an account", responses=problems(400, 422, 503))
async def register(body: Credentials, accounts: AccountsPart) -> Account:
    user = await accounts.register(body.email, body.password)
    return Account(email=user.email, role=user.role)


@router.post(
    "/logout-everywhere",
    status_code=204,
    summary="End every refresh token of the caller's account",
    responses=problems(401, 503),
)
async def logout_everywhere(caller: SignedIn, accounts: AccountsPart) -> None:
    await accounts.sign_out_everywhere(caller.email)
