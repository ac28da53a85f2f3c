import { expect, test } from "vitest";
import { filterOf, paramsOf } from "./useFilter";

test("an address without a filter is the plain list", () => {
  expect(filterOf(new URLSearchParams())).toEqual({ q: "", category: "", sort: "newest" });
  expect(paramsOf({ q: "", category: "", sort: "newest" }).toString()).toBe("");
});

test("a filter survives the way through the address", () => {
  const filter = { q: "cast iron & co", category: "kitchen", sort: "-price" } as const;
  expect(filterOf(new URLSearchParams(paramsOf(filter).toString()))).toEqual(filter);
});

test.each(["toString", "oldest first", ""])("a sort that does not exist counts as none: %s", (sort) => {
  expect(filterOf(new URLSearchParams({ sort })).sort).toBe("newest");
});
