/** A shop with one product and one customer, as the network's edge shows it. */
import type { Order, Product } from "../api/client";
import type { Account } from "../auth/account";
import { json, network, problem, tokenOf } from "./network";

export const ANN: Account = { email: "ann@example.test", role: "user" };

export const LAMP: Product = {
  slug: "lamp",
  name: "desk lamp",
  description: "",
  price: 19.9,
  quantity: 10,
  categories: [],
  picture: null,
};

export const ORDER: Order = {
  id: "6b04abb3ef89b7c376175573",
  status: "PENDING",
  cost: 39.8,
  products: [{ name: "desk lamp", price: 19.9, quantity: 2 }],
  created_at: "2026-11-23T21:10:11.707000Z",
  lacking: null,
};

interface Posted {
  key: string | null;
  body: unknown;
}

/** `product()` is what the shop has now; `order` answers each POST /orders. Returns what was sent and what was posted. */
export function shop(product: () => Product | null, order: (posted: Posted, number: number) => Response) {
  const posted: Posted[] = [];
  const sent = network(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/refresh") return json(200, { access_token: tokenOf(ANN) });
    if (pathname === "/api/orders" && request.method === "POST") {
      const one = { key: request.headers.get("Idempotency-Key"), body: await request.json() };
      return order(one, posted.push(one));
    }
    const there = product();
    return there ? json(200, there) : problem(404, "The requested product does not exist.");
  });
  return { sent, posted };
}
