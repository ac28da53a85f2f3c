import { expect, test } from "vitest";
import type { Product } from "../api/client";
import { add, asCart, type Cart, cents, change, emptyCart, MOST_LINES, pieces, restore, total } from "./cart";

function product(slug: string, price: number, quantity: number): Product {
  return { slug, name: slug, description: "", price, quantity, categories: [], picture: null };
}

const CHAIR = product("chair", 29.99, 3);
const LAMP = product("lamp", 19.9, 10);

test("an empty cart has no lines, and a key of its own", () => {
  expect(emptyCart().lines).toEqual([]);
  expect(emptyCart().key).not.toBe(emptyCart().key);
});

test("what is added is remembered with the price that was seen", () => {
  const cart = add(emptyCart(), LAMP, 2);
  expect(cart.lines).toEqual([{ slug: "lamp", name: "lamp", price: 19.9, quantity: 2 }]);
});

test("adding the same product again adds pieces and takes over the price of today", () => {
  const cart = add(add(add(emptyCart(), LAMP, 2), CHAIR, 1), { ...LAMP, price: 18 }, 3);
  expect(cart.lines).toEqual([
    { slug: "lamp", name: "lamp", price: 18, quantity: 5 },
    { slug: "chair", name: "chair", price: 29.99, quantity: 1 },
  ]);
});

test("no more is added than there is", () => {
  expect(add(emptyCart(), CHAIR, 7).lines[0]?.quantity).toBe(3);
  expect(add(add(emptyCart(), CHAIR, 2), CHAIR, 2).lines[0]?.quantity).toBe(3);
});

test("what is sold out leaves the cart as it was", () => {
  const cart = emptyCart();
  expect(add(cart, product("gone", 1, 0), 1)).toBe(cart);
});

test("a cart takes as many lines as an order may have", () => {
  let cart = emptyCart();
  for (let n = 0; n < MOST_LINES; n++) cart = add(cart, product(`p${n}`, 1, 9), 1);
  expect(add(cart, LAMP, 1)).toBe(cart);
  expect(restore(cart, { slug: "lamp", name: "lamp", price: 1, quantity: 1 }, 0)).toBe(cart);
  expect(add(cart, product("p7", 1, 9), 1).lines[7]?.quantity).toBe(2);
});

test("a line is changed, and removed below one piece", () => {
  const cart = add(add(emptyCart(), LAMP, 2), CHAIR, 1);
  expect(change(cart, "lamp", { quantity: 4 }).lines.map((l) => l.quantity)).toEqual([4, 1]);
  expect(change(cart, "lamp", { price: 21 }).lines.map((l) => l.price)).toEqual([21, 29.99]);
  expect(change(cart, "lamp", { quantity: 0 }).lines.map((l) => l.slug)).toEqual(["chair"]);
});

test("a removed line comes back to its place", () => {
  const cart = add(add(emptyCart(), LAMP, 2), CHAIR, 1);
  const [lamp] = cart.lines;
  if (!lamp) throw new Error("no line");
  expect(restore(change(cart, "lamp", { quantity: 0 }), lamp, 0).lines).toEqual(cart.lines);
});

test("a line does not come back beside one of the same product", () => {
  const cart = add(emptyCart(), LAMP, 2);
  expect(restore(cart, { slug: "lamp", name: "lamp", price: 1, quantity: 9 }, 0)).toBe(cart);
});

test("every change of the content is a new key", () => {
  const first = add(emptyCart(), LAMP, 1);
  const carts: Cart[] = [first, add(first, LAMP, 1), change(first, "lamp", { quantity: 5 }), change(first, "lamp", {})];
  expect(new Set(carts.map((cart) => cart.key)).size).toBe(4);
});

test("sums are exact to the cent", () => {
  expect(cents(19.99)).toBe(1999);
  expect(cents(1299.99)).toBe(129_999);
  const lines = [
    { price: 0.1, quantity: 3 },
    { price: 0.2, quantity: 1 },
    { price: 1299.99, quantity: 7 },
  ];
  expect(total(lines)).toBe(9100.43);
  expect(total([{ price: 0.1, quantity: 3 }])).toBe(0.3);
  expect(total([])).toBe(0);
});

test("pieces are counted over all lines", () => {
  expect(pieces(add(add(emptyCart(), LAMP, 2), CHAIR, 3))).toBe(5);
});

test("a stored cart is the same cart", () => {
  const cart = add(emptyCart(), LAMP, 2);
  expect(asCart(JSON.parse(JSON.stringify(cart)))).toEqual(cart);
});

const LINE = { slug: "lamp", name: "lamp", price: 1, quantity: 1 };

test.each([
  null,
  7,
  "cart",
  [],
  {},
  { lines: [LINE] },
  { key: "k" },
  { key: "k", lines: {} },
  { key: 7, lines: [LINE] },
  { key: "k", lines: [null] },
  { key: "k", lines: [{ ...LINE, quantity: 0 }] },
  { key: "k", lines: [{ ...LINE, quantity: 1.5 }] },
  { key: "k", lines: [{ ...LINE, quantity: "1" }] },
  { key: "k", lines: [{ ...LINE, price: "1" }] },
  { key: "k", lines: [{ ...LINE, price: null }] },
  { key: "k", lines: [{ ...LINE, slug: undefined }] },
  { key: "k", lines: [{ ...LINE, name: 7 }] },
])("what is no cart counts as an empty one: %j", (junk) => {
  const cart = asCart(junk);
  expect(cart.lines).toEqual([]);
  expect(cart.key).not.toBe("k");
});
