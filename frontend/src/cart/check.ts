/** A line of the cart beside what the shop says of its product now. */
import type { Product } from "../api/client";
import { type CartLine, total } from "./cart";

/** What the shop answered: the product; null if it is gone; undefined if it was not able to answer; or not yet. */
export type Known = Product | null | undefined | "asking";

export type Trouble = { kind: "gone" } | { kind: "sold out" } | { kind: "few"; left: number };

export interface CheckedLine {
  line: CartLine;
  product: Product | null;
  /** Whether all that can be known of the product now is known. */
  asked: boolean;
  /** The price of one piece now. */
  price: number;
  /** Why the line can't be ordered as it is. */
  trouble: Trouble | null;
}

export function checked(line: CartLine, known: Known): CheckedLine {
  const product = known === "asking" ? null : (known ?? null);
  return {
    line,
    product,
    asked: known !== "asking",
    price: product?.price ?? line.price,
    trouble: known === null ? { kind: "gone" } : product && troubleOf(line, product),
  };
}

function troubleOf(line: CartLine, product: Product): Trouble | null {
  if (product.quantity < 1) return { kind: "sold out" };
  return product.quantity < line.quantity ? { kind: "few", left: product.quantity } : null;
}

/** Nobody pays more than they agreed to; a price that fell needs no consent. */
export function needsConsent({ line, price }: CheckedLine): boolean {
  return price > line.price;
}

export function canBeOrdered(lines: readonly CheckedLine[]): boolean {
  return lines.every((line) => line.asked && line.trouble === null && !needsConsent(line));
}

/** What the lines that can be had cost now. */
export function totalNow(lines: readonly CheckedLine[]): number {
  const there = lines.filter(({ trouble }) => trouble === null || trouble.kind === "few");
  return total(there.map(({ line, price }) => ({ price, quantity: line.quantity })));
}
