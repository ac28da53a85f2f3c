"""Orders over HTTP. Whose they are is what the token says, whatever else the client sends."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from shop_kit.identity import SignedIn

from orders.schemas import NewOrder, OrderList, OrderOut, shown
from orders.services.ordering import Ordering

router = APIRouter(prefix="/orders", tags=["orders"])


def _ordering(request: Request) -> Ordering:
    found: Ordering = request.app.state.ordering
    return found


@router.get("", summary="Your orders, newest first")
async def list_orders(request: Request, caller: SignedIn) -> OrderList:
    return OrderList(orders=[shown(order) for order in await _ordering(request).list(caller.email)])


@router.post("", status_code=201, summary="Place an order")
async def place_order(
    request: Request,
    caller: SignedIn,
    body: NewOrder,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> OrderOut:
    wanted = [(line.name, line.quantity) for line in body.products]
    return shown(await _ordering(request).place(caller.email, wanted, idempotency_key))


@router.get("/{order_id}", summary="One of your orders")
async def get_order(request: Request, caller: SignedIn, order_id: str) -> OrderOut:
    return shown(await _ordering(request).get(caller.email, order_id))
