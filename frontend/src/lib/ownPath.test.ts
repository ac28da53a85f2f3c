import { expect, test } from "vitest";
import { ownPath } from "./ownPath";

test.each(["/", "/shopping-cart", "/products?q=desk%20lamp&sort=price", "/orders#last"])(
  "%s is of this site",
  (path) => {
    expect(ownPath(path)).toBe(path);
  },
);

test.each([
  null,
  "",
  "orders",
  "//evil.test",
  "/\\evil.test",
  "\\\\evil.test",
  "/\t/evil.test",
  "/.//evil.test",
  "/x/..//evil.test",
  "/%2e//evil.test",
  "https://evil.test/",
  "javascript:alert(1)",
  " //evil.test",
  "//",
])("%o leads nowhere", (path) => {
  expect(ownPath(path)).toBeNull();
});

test("what leads up from the root stays at the root", () => {
  expect(ownPath("/../../orders")).toBe("/orders");
});
