import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Product } from "../api/client";
import type { Cart } from "./cart";

const KEY = "shop.cart";
const LAMP: Product = {
  slug: "lamp",
  name: "lamp",
  description: "",
  price: 19.9,
  quantity: 10,
  categories: [],
  picture: null,
};
const LINE = { slug: "lamp", name: "lamp", price: 19.9, quantity: 2 };

function Shown({ useCart }: { useCart: () => Cart }) {
  return <output>{JSON.stringify(useCart().lines)}</output>;
}

/** The shop as a page that was just loaded has it, with what is in storage. */
async function load() {
  vi.resetModules();
  const { CartProvider, cartActions, useCart } = await import("./CartContext");
  render(
    <CartProvider>
      <Shown useCart={useCart} />
    </CartProvider>,
  );
  return cartActions;
}

const shown = () => JSON.parse(screen.getByRole("status").textContent);
const kept = () => JSON.parse(localStorage.getItem(KEY) ?? "null");

beforeEach(() => localStorage.clear());
afterEach(cleanup);

test("what is put in is shown and kept", async () => {
  const actions = await load();
  expect(shown()).toEqual([]);
  act(() => actions.add(LAMP, 2));
  expect(shown()).toEqual([LINE]);
  expect(kept().lines).toEqual([LINE]);
});

test("a reload finds the same cart with the same key", async () => {
  const before = await load();
  act(() => before.add(LAMP, 2));
  const { key } = kept();
  cleanup();
  const after = await load();
  expect(shown()).toEqual([LINE]);
  act(() => after.ordered(key));
  expect(shown()).toEqual([]);
});

test("another tab's change arrives", async () => {
  await load();
  localStorage.setItem(KEY, JSON.stringify({ key: "other", lines: [LINE] }));
  act(() => window.dispatchEvent(new StorageEvent("storage", { key: KEY })));
  expect(shown()).toEqual([LINE]);
  localStorage.clear();
  act(() => window.dispatchEvent(new StorageEvent("storage", { key: null })));
  expect(shown()).toEqual([]);
});

test("what else is stored does not touch the cart", async () => {
  const actions = await load();
  act(() => actions.add(LAMP, 2));
  localStorage.removeItem(KEY);
  act(() => window.dispatchEvent(new StorageEvent("storage", { key: "else" })));
  expect(shown()).toEqual([LINE]);
});

test("ordering empties the cart that was ordered, and no other", async () => {
  const actions = await load();
  act(() => actions.add(LAMP, 1));
  const { key } = kept();
  act(() => actions.add(LAMP, 1));
  act(() => actions.ordered(key));
  expect(shown()).toEqual([LINE]);
  act(() => actions.ordered(kept().key));
  expect(shown()).toEqual([]);
  expect(kept().lines).toEqual([]);
});

test("a removed line is put back", async () => {
  const actions = await load();
  act(() => actions.add(LAMP, 2));
  act(() => actions.change("lamp", { quantity: 0 }));
  expect(shown()).toEqual([]);
  act(() => actions.restore(LINE, 0));
  expect(shown()).toEqual([LINE]);
  expect(kept().lines).toEqual([LINE]);
});

test("junk in storage is an empty cart that works", async () => {
  localStorage.setItem(KEY, "{ not JSON");
  const actions = await load();
  expect(shown()).toEqual([]);
  act(() => actions.add(LAMP, 2));
  expect(kept().lines).toEqual([LINE]);
});
