/** What a cart is, and what can be done to it. */
import type { Product } from "../api/client";

/** `price` is the one that the shopper saw. */
export interface CartLine {
  slug: string;
  name: string;
  price: number;
  quantity: number;
}

/** `key` is the Idempotency-Key of this very content: however often it is sent, it is ordered once. */
export interface Cart {
  lines: CartLine[];
  key: string;
}

export const MOST_LINES = 100;

export function emptyCart(): Cart {
  return { lines: [], key: crypto.randomUUID() };
}

/** `pieces` more of `product`, as far as the stock goes. */
export function add(cart: Cart, product: Product, pieces: number): Cart {
  const there = cart.lines.find((line) => line.slug === product.slug);
  const quantity = Math.min((there?.quantity ?? 0) + pieces, product.quantity);
  if (quantity < 1 || (!there && cart.lines.length >= MOST_LINES)) return cart;
  const line = { slug: product.slug, name: product.name, price: product.price, quantity };
  return changed(there ? cart.lines.map((l) => (l === there ? line : l)) : [...cart.lines, line]);
}

/** The line of `slug` with `change`; a quantity below one removes it. */
export function change(cart: Cart, slug: string, change: Partial<Pick<CartLine, "quantity" | "price">>): Cart {
  return changed(cart.lines.map((l) => (l.slug === slug ? { ...l, ...change } : l)).filter((l) => l.quantity >= 1));
}

/** The cart with a line that was removed from place `at`, unless its product is there again. */
export function restore(cart: Cart, line: CartLine, at: number): Cart {
  if (cart.lines.some((l) => l.slug === line.slug) || cart.lines.length >= MOST_LINES) return cart;
  return changed(cart.lines.toSpliced(at, 0, line));
}

export function pieces(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** In cents, so that adding does not lose any. */
export function cents(price: number): number {
  return Math.round(price * 100);
}

export function total(lines: readonly { price: number; quantity: number }[]): number {
  return lines.reduce((sum, line) => sum + cents(line.price) * line.quantity, 0) / 100;
}

/** The cart in `value`, as it was stored; an empty one if it is none. */
export function asCart(value: unknown): Cart {
  const { lines, key } = (value ?? {}) as Partial<Cart>;
  return typeof key === "string" && Array.isArray(lines) && lines.every(isLine) ? { lines, key } : emptyCart();
}

function isLine(value: unknown): value is CartLine {
  const { slug, name, price, quantity } = (value ?? {}) as Partial<CartLine>;
  return (
    typeof slug === "string" &&
    typeof name === "string" &&
    Number.isFinite(price) &&
    Number.isInteger(quantity) &&
    (quantity ?? 0) >= 1
  );
}

function changed(lines: CartLine[]): Cart {
  return { lines, key: crypto.randomUUID() };
}
