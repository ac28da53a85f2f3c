import { expect, test } from "vitest";
import type { Order } from "../api/client";
import { merged } from "./merge";

function order(id: string, second: number, status: Order["status"] = "PENDING"): Order {
  const created_at = `2026-11-23T21:10:0${second}.000000Z`;
  return { id, status, cost: 1, products: [], created_at, lacking: null };
}

test("orders are newest first, and of one instant the higher id first", () => {
  const all = merged([order("a", 1), order("b", 3)], [order("c", 2), order("d", 2)]);
  expect(all.map(({ id }) => id)).toEqual(["b", "d", "c", "a"]);
});

test("an order that was decided takes the place of the pending one", () => {
  expect(merged([order("a", 1)], [order("a", 1, "ACCEPTED")])).toEqual([order("a", 1, "ACCEPTED")]);
});

test("an older answer does not take a decision back", () => {
  expect(merged([order("a", 1, "REJECTED")], [order("a", 1)])).toEqual([order("a", 1, "REJECTED")]);
});

test("an answer from before an order was placed does not hide it", () => {
  expect(merged([order("b", 2), order("a", 1)], [order("a", 1)]).map(({ id }) => id)).toEqual(["b", "a"]);
});
