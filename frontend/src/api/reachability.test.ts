import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { json, network, noAnswer, outage } from "../testing/network";

const OK = () => json(200, {});

/** A page that was just loaded; `ask` resolves to whether the API counts as reachable after the request. */
async function page(answer: (path: string) => Response) {
  vi.resetModules();
  const { observedFetch, reachable } = await import("./reachability");
  network((request) => answer(new URL(request.url).pathname));
  return async (path: string) => {
    await observedFetch(new Request(new URL(`/api${path}`, location.href))).catch(() => undefined);
    return reachable.get();
  };
}

let down: string[];
let fails: () => Response;
beforeEach(() => {
  down = [];
  fails = outage;
});
afterEach(() => vi.unstubAllGlobals());

const answer = (path: string) => (down.some((part) => path.startsWith(`/api/${part}`)) ? fails() : OK());

test.each([outage, noAnswer])("a part that does not answer is not hidden by one that does", async (how) => {
  fails = how;
  const ask = await page(answer);
  down = ["products"];
  expect(await ask("/products?q=lamp")).toBe(false);
  expect(await ask("/orders")).toBe(false);
  expect(await ask("/orders/events")).toBe(false);
  down = [];
  expect(await ask("/products/lamp")).toBe(true);
});

test("when all are healthy everything is reachable again, whatever the page asked for before", async () => {
  const ask = await page(answer);
  down = ["products", "orders"];
  expect([await ask("/products"), await ask("/orders")]).toEqual([false, false]);
  down = [];
  expect(await ask("/health")).toBe(true);
});

test("the health of parts that the page did not ask is none of its business", async () => {
  const ask = await page(answer);
  down = ["health"];
  expect(await ask("/orders")).toBe(true);
  expect(await ask("/health")).toBe(true);
});
