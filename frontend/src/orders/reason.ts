import type { Order } from "../api/client";
import { title } from "../lib/format";

/** Why an order was rejected, in words. */
export function reason({ lacking }: Pick<Order, "lacking">): string {
  if (!lacking) return "There was not enough left when your order was decided.";
  const name = title(lacking.name);
  if (lacking.left < 1) return `${name} was sold out when your order was decided.`;
  return `${name}: only ${lacking.left} ${lacking.left === 1 ? "was" : "were"} left when your order was decided.`;
}
