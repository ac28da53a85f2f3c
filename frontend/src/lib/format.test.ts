import { expect, test } from "vitest";
import { count, dateAndTime, money, orderNumber, title } from "./format";

test("an amount has its currency, its groups and two decimals", () => {
  expect(money(1299.9)).toBe("€1,299.90");
  expect(money(0)).toBe("€0.00");
});

test("a name begins with a capital", () => {
  expect(title("desk lamp")).toBe("Desk lamp");
  expect(title("")).toBe("");
});

test("one piece, more pieces", () => {
  expect(count(1, "piece")).toBe("1 piece");
  expect(count(0, "piece")).toBe("0 pieces");
  expect(count(1200, "category", "categories")).toBe("1,200 categories");
});

test("orders of one second have different numbers", () => {
  expect(orderNumber("6b04abb3ef89b7c376175573")).toBe("6B04ABB3-175573");
  expect(orderNumber("6b04abb3ef89b7c376175574")).toBe("6B04ABB3-175574");
});

test("a time is told with its day", () => {
  expect(dateAndTime("2026-11-23T12:10:11.707000Z")).toMatch(/^2[34] Nov 2026, \d\d:\d\d$/);
});
