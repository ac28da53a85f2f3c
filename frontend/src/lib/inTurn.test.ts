import { afterEach, expect, test, vi } from "vitest";
import { later } from "../testing/network";
import { inTurn } from "./inTurn";

afterEach(() => vi.unstubAllGlobals());

test("the next begins when the one before has ended, also if that failed", async () => {
  const seen: string[] = [];
  const first = later<void>();
  const one = inTurn(async () => {
    seen.push("one begins");
    await first.promise;
    seen.push("one ends");
    throw new Error("one failed");
  });
  const two = inTurn(async () => {
    seen.push("two begins");
    return 2;
  });
  first.resolve();
  await expect(one).rejects.toThrow("one failed");
  expect(await two).toBe(2);
  expect(seen).toEqual(["one begins", "one ends", "two begins"]);
});

test("where the browser can lock, it is one turn for all tabs", async () => {
  const request = vi.fn((_name: string, work: () => Promise<number>) => work());
  vi.stubGlobal("navigator", { locks: { request } });
  expect(await inTurn(async () => 3)).toBe(3);
  expect(request.mock.calls.map(([name]) => name)).toEqual(["shop-session"]);
});
