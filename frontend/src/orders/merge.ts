import type { Order } from "../api/client";

/**
 * What is known of the orders after `told` was heard, newest first. Answers and events overtake each other, but an order
 * is never taken back and its final status never changes: so what was heard later does not hide what was heard before.
 */
export function merged(known: readonly Order[], told: readonly Order[]): Order[] {
  const byId = new Map(known.map((order) => [order.id, order]));
  for (const order of told) {
    const before = byId.get(order.id);
    if (!before || before.status === "PENDING") byId.set(order.id, order);
  }
  return [...byId.values()].sort(newestFirst);
}

function newestFirst(a: Order, b: Order): number {
  return Date.parse(b.created_at) - Date.parse(a.created_at) || (a.id < b.id ? 1 : -1);
}
