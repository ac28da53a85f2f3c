import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { categoriesQuery, createQueryClient } from "../api/queries";
import { reachable } from "../api/reachability";
import { json, network, noAnswer, outage } from "../testing/network";
import { OutageBanner } from "./OutageBanner";

function Categories() {
  return (
    <p>
      {useQuery({ ...categoriesQuery, retry: false })
        .data?.map((c) => c.name)
        .join(", ") ?? "nothing yet"}
    </p>
  );
}

function show() {
  render(
    <QueryClientProvider client={createQueryClient()}>
      <OutageBanner />
      <Categories />
    </QueryClientProvider>,
  );
  return act(() => vi.advanceTimersByTimeAsync(0));
}

const banner = () => screen.getByRole("status").textContent;
const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  reachable.set(true);
});

test("while the API is there, the banner's place is empty", async () => {
  network(() => json(200, { categories: [{ name: "kitchen" }] }));
  await show();
  expect(banner()).toBe("");
  expect(screen.getByText("kitchen")).toBeTruthy();
});

test.each([noAnswer, outage])("an outage is told, and what failed is asked anew when it is over", async (fails) => {
  let answer: () => Response = fails;
  const sent = network(() => answer());
  await show();
  expect(banner()).toBe("We can’t reach the shop right now. Your cart is safe, and this page goes on by itself.");
  await later(2999);
  expect(sent).toEqual(["GET /api/categories"]);
  await later(1);
  expect(sent).toEqual(["GET /api/categories", "GET /api/health"]);
  answer = () => json(200, { categories: [{ name: "garden" }] });
  await later(3000);
  expect(sent.slice(2)).toEqual(["GET /api/health", "GET /api/categories"]);
  expect(banner()).toBe("");
  await later(60_000);
  expect(screen.getByText("garden")).toBeTruthy();
  expect(sent).toHaveLength(4);
});
