import { act, cleanup, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Order } from "../api/client";
import { session } from "../auth/session";
import { notices } from "../lib/notices";
import { json, network, noAnswer, problem, tokenOf } from "../testing/network";
import { open } from "../testing/pages";
import { ANN, LAMP, ORDER } from "../testing/shop";
import { OrdersPage } from "./OrdersPage";

const ACCEPTED: Order = { ...ORDER, status: "ACCEPTED" };
const REJECTED: Order = { ...ORDER, status: "REJECTED", lacking: { name: "desk lamp", left: 1 } };

/** An API that has these orders, and whose stream of events is what `events` answers. */
function orders(list: () => Order[], events: () => Response): string[] {
  return network((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/refresh") return json(200, { access_token: tokenOf(ANN) });
    if (pathname === "/api/orders/events") return events();
    if (pathname === "/api/orders") return json(200, { orders: list() });
    return json(200, { products: [LAMP], next: null });
  });
}

const encoder = new TextEncoder();

/** A stream of events that stays open, and a way to write to it. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (c) => {
      controller = c;
    },
  });
  return {
    events: () => new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    say: (event: string, data: object) =>
      controller.enqueue(encoder.encode(`event: ${event}\nid: 1\ndata: ${JSON.stringify(data)}\n\n`)),
  };
}

const openOrders = () => open("/orders", { "/orders": <OrdersPage /> });
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const asked = (sent: string[]) => sent.filter((line) => line === "GET /api/orders").length;
const told = () => notices.get().map(({ text }) => text);
const noStream = () => problem(429, "Too many");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  act(() => session.set({ account: ANN, ended: false }));
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  notices.set([]);
});

test("a visitor is asked to sign in, and nothing is asked of the API", async () => {
  const sent = orders(() => [], noAnswer);
  act(() => session.set({ account: null, ended: false }));
  openOrders();
  expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/login?then=/orders");
  await wait(5000);
  expect(sent).toEqual([]);
});

test("an order shows its number, date, lines, cost and status", async () => {
  orders(() => [ACCEPTED], noStream);
  openOrders();
  await wait(100);
  const order = within(screen.getByRole("article", { name: "Order 6B04ABB3-175573" }));
  expect(order.getByRole("heading").title).toBe(ORDER.id);
  expect(order.getByRole("time").getAttribute("datetime")).toBe(ORDER.created_at);
  expect(order.getByRole("link", { name: "Desk lamp" }).getAttribute("href")).toBe("/products/lamp");
  for (const words of ["2 × €19.90", "€39.80", "Accepted"]) expect(order.getByText(words)).toBeDefined();
});

test("who has no orders is led to the products", async () => {
  orders(() => [], noStream);
  openOrders();
  await wait(100);
  expect(screen.getByRole("link", { name: "Look around" }).getAttribute("href")).toBe("/products");
});

test("an event turns an order, which is told once", async () => {
  const { events, say } = stream();
  const sent = orders(() => [ORDER], events);
  openOrders();
  await wait(100);
  expect(screen.getByText("Pending")).toBeDefined();
  expect(screen.getByText("Live")).toBeDefined();
  say("order", REJECTED);
  await wait(100);
  expect(screen.getByText("Rejected")).toBeDefined();
  expect(screen.getByText(/Desk lamp: only 1 was left/)).toBeDefined();
  say("order", REJECTED);
  await wait(100);
  expect(told()).toEqual(["Order 6B04ABB3-175573 was rejected."]);
  expect(asked(sent)).toBe(1);
});

test("who is told that something may have been missed asks for the orders, and an old answer takes nothing back", async () => {
  const { events, say } = stream();
  const sent = orders(() => [ORDER], events);
  openOrders();
  await wait(100);
  say("order", ACCEPTED);
  say("ready", {});
  await wait(100);
  expect(asked(sent)).toBe(2);
  expect(screen.getByText("Accepted")).toBeDefined();
});

test("without a stream a pending order is asked for every 2 s, and when it is decided every 15 s", async () => {
  let order = ORDER;
  const sent = orders(() => [order], noStream);
  openOrders();
  await wait(1000);
  expect(screen.getByText("Updating every few seconds")).toBeDefined();
  expect(asked(sent)).toBe(1);
  await wait(4000);
  expect(asked(sent)).toBe(3);
  order = ACCEPTED;
  await wait(2000);
  expect(screen.getByText("Accepted")).toBeDefined();
  expect(told()).toEqual(["Order 6B04ABB3-175573 was accepted."]);
  await wait(12_000);
  expect(asked(sent)).toBe(4);
  await wait(3000);
  expect(asked(sent)).toBe(5);
});

test("while the stream is open nothing is asked in between", async () => {
  const { events, say } = stream();
  const sent = orders(() => [ORDER], events);
  openOrders();
  await wait(100);
  const before = asked(sent);
  for (let n = 0; n < 5; n++) {
    say("else", {});
    await wait(15_000);
  }
  expect(asked(sent)).toBe(before);
});

test("an order that waits for long is said to be safe", async () => {
  orders(() => [ORDER], noStream);
  openOrders();
  await wait(1000);
  expect(screen.getByText("We are looking whether everything is there.")).toBeDefined();
  await wait(6000);
  expect(screen.getByText(/nothing is lost, and it will be decided as soon as possible/)).toBeDefined();
});

test("a hidden page holds no stream, and opens one when it is seen again", async () => {
  const sent = orders(() => [ORDER], noStream);
  const streams = () => sent.filter((line) => line.endsWith("/events")).length;
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  openOrders();
  await wait(60_000);
  expect(streams()).toBe(0);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  await wait(100);
  expect(streams()).toBe(1);
});
