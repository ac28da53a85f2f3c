/** Placing the order of a cart, once, whatever happens on the way. */
import { answered, client, type Order } from "../api/client";
import { Refused } from "../api/problems";
import type { Cart } from "./cart";

const PAUSES_MS = [500, 1500, 3000];
const onTheirWay = new Map<string, Promise<Order>>();

/**
 * The order of `cart`. Asking twice for one cart sends one request. An answer that got lost is asked for again, and the
 * cart's key lets the shop know that it is the same order. Throws Refused, or what went wrong on the way: then nobody
 * knows whether the order is placed, until the same cart is sent again.
 */
export function place(cart: Cart): Promise<Order> {
  const sent = onTheirWay.get(cart.key);
  if (sent) return sent;
  const order = sendUntilAnswered(cart).finally(() => onTheirWay.delete(cart.key));
  onTheirWay.set(cart.key, order);
  return order;
}

async function sendUntilAnswered(cart: Cart): Promise<Order> {
  for (const pause of PAUSES_MS) {
    try {
      return await sendOnce(cart);
    } catch (error) {
      if (isRefusal(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
  }
  return sendOnce(cart);
}

/** Whether the shop answered that it does not take the order. */
export function isRefusal(error: unknown): error is Refused {
  return error instanceof Refused && error.status < 500;
}

async function sendOnce({ lines, key }: Cart): Promise<Order> {
  return answered(
    await client.POST("/api/orders", {
      params: { header: { "idempotency-key": key } },
      body: { products: lines.map(({ name, quantity }) => ({ name, quantity })) },
    }),
  );
}
