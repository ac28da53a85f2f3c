import { expect, test } from "vitest";
import type { Product } from "../api/client";
import { canBeOrdered, checked, needsConsent, totalNow } from "./check";

const LINE = { slug: "lamp", name: "lamp", price: 20, quantity: 3 };

function lamp(price: number, quantity: number): Product {
  return { slug: "lamp", name: "lamp", description: "", price, quantity, categories: [], picture: null };
}

test("what is there at the price that was seen can be ordered", () => {
  const line = checked(LINE, lamp(20, 3));
  expect([line.trouble, line.price, canBeOrdered([line]), totalNow([line])]).toEqual([null, 20, true, 60]);
});

test.each([
  [lamp(20, 2), { kind: "few", left: 2 }, 60],
  [lamp(20, 0), { kind: "sold out" }, 0],
  [null, { kind: "gone" }, 0],
] as const)("what can't be had is told, and holds the order back", (known, trouble, sum) => {
  const line = checked(LINE, known);
  expect(line.trouble).toEqual(trouble);
  expect(canBeOrdered([checked(LINE, lamp(20, 3)), line])).toBe(false);
  expect(totalNow([line])).toBe(sum);
});

test("a price that rose counts, and needs consent", () => {
  const line = checked(LINE, lamp(20.01, 9));
  expect([needsConsent(line), canBeOrdered([line]), totalNow([line])]).toEqual([true, false, 60.03]);
});

test("a price that fell counts, and holds nothing back", () => {
  const line = checked(LINE, lamp(19.99, 9));
  expect([needsConsent(line), canBeOrdered([line]), totalNow([line])]).toEqual([false, true, 59.97]);
});

test("nothing is ordered before the products were asked", () => {
  const line = checked(LINE, "asking");
  expect([line.asked, line.trouble, canBeOrdered([line]), totalNow([line])]).toEqual([false, null, false, 60]);
});

test("a shop that can't say what it has may be asked to take the order all the same", () => {
  const line = checked(LINE, undefined);
  expect([line.asked, line.trouble, canBeOrdered([line]), totalNow([line])]).toEqual([true, null, true, 60]);
});
