"""The public keys, for whoever verifies access tokens."""

from fastapi import APIRouter, Request

from authentication.services.keys import Keys

router = APIRouter(include_in_schema=False)


@router.get("/.well-known/jwks.json")
async def jwks(request: Request) -> dict[str, list[dict[str, str | list[str]]]]:
    keys: Keys = request.app.state.keys
    return {"keys": [dict(key) for key in keys.jwks()["keys"]]}
