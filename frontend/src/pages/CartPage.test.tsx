import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Product } from "../api/client";
import { ordersQuery } from "../api/queries";
import { session } from "../auth/session";
import { cartActions } from "../cart/CartContext";
import { json, noAnswer, problem } from "../testing/network";
import { open } from "../testing/pages";
import { ANN, LAMP, ORDER, shop } from "../testing/shop";
import { CartPage } from "./CartPage";

const kept = () => JSON.parse(localStorage.getItem("shop.cart") ?? "null");
const openCart = () => open("/shopping-cart", { "/shopping-cart": <CartPage /> });
const orderButton = () => screen.getByRole("button", { name: /^Order|^Try again/ });
const ready = () => waitFor(() => expect(orderButton().getAttribute("aria-disabled")).toBe("false"));
const taken = () => json(201, ORDER);

beforeEach(() => {
  localStorage.clear();
  act(() => session.set({ account: ANN, ended: false }));
  act(() => cartActions.add(LAMP, 2));
});

afterEach(() => {
  cleanup();
  act(() => cartActions.ordered(kept().key));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a double click orders once; the order is known at once, and the cart empty", async () => {
  const { posted } = shop(() => LAMP, taken);
  const { user, address, queries } = openCart();
  const { key } = kept();
  await ready();
  await user.dblClick(orderButton());
  await waitFor(() => expect(address()).toBe("/orders"));
  expect(posted).toEqual([{ key, body: { products: [{ name: "desk lamp", quantity: 2 }] } }]);
  expect(queries.getQueryData(ordersQuery(ANN.email).queryKey)).toEqual([ORDER]);
  expect(kept().lines).toEqual([]);
});

test("a shop that does not answer is told; the cart stays, and trying again orders with the same key", async () => {
  const { posted } = shop(
    () => LAMP,
    (_, number) => (number < 5 ? noAnswer() : taken()),
  );
  const { address } = openCart();
  const before = kept();
  await ready();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  fireEvent.click(orderButton());
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.getByRole("alert").textContent).toContain("we do not know yet whether your order is placed");
  expect([kept(), address(), posted.length]).toEqual([before, "/shopping-cart", 4]);
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(address()).toBe("/orders");
  expect(posted.map(({ key }) => key)).toEqual(Array(5).fill(before.key));
});

test("when somebody was faster it is told, the stock is asked anew, and the cart stays", async () => {
  let left = 10;
  const { posted } = shop(
    () => ({ ...LAMP, quantity: left }),
    () => {
      left = 1;
      return problem(404, "The requested amount does not exist.");
    },
  );
  const { user, address } = openCart();
  const before = kept();
  await ready();
  await user.click(orderButton());
  await screen.findByText("Only 1 left, and you have 2 in your cart.");
  expect(screen.getByRole("alert").textContent).toContain("nothing was ordered");
  expect(orderButton().getAttribute("aria-disabled")).toBe("true");
  await user.click(orderButton());
  expect([kept(), address(), posted.length]).toEqual([before, "/shopping-cart", 1]);
  await user.click(screen.getByRole("button", { name: /^Take 1/ }));
  await ready();
  expect(kept().lines[0].quantity).toBe(1);
  expect(kept().key).not.toBe(before.key);
});

test("when the session is over one is asked to sign in, and the cart stays", async () => {
  const { sent } = shop(() => LAMP, taken);
  const { user } = openCart();
  await ready();
  const answer = globalThis.fetch;
  vi.stubGlobal("fetch", (request: Request) =>
    request.method === "POST" ? problem(401, "Incorrect token") : answer(request),
  );
  const before = kept();
  await user.click(orderButton());
  const link = await screen.findByRole("link", { name: "Sign in to order" });
  expect(link.getAttribute("href")).toBe("/login?then=/shopping-cart");
  expect(screen.getByRole("alert").textContent).toContain("Your session has ended");
  expect([kept(), sent.filter((line) => line.startsWith("POST /api/orders"))]).toEqual([before, []]);
});

test("a visitor is asked to sign in", async () => {
  shop(() => LAMP, taken);
  act(() => session.set({ account: null, ended: false }));
  openCart();
  expect(screen.getByRole("link", { name: "Sign in to order" }).getAttribute("href")).toBe(
    "/login?then=/shopping-cart",
  );
  expect(screen.queryByRole("button", { name: "Order" })).toBeNull();
});

test("a price that rose is told, counts, and is to be agreed to", async () => {
  shop(() => ({ ...LAMP, price: 20.05 }), taken);
  const { user } = openCart();
  await screen.findByText("The price rose from €19.90 to €20.05.");
  expect(screen.getByRole("region", { name: "Summary" }).textContent).toContain("€40.10");
  expect(orderButton().getAttribute("aria-disabled")).toBe("true");
  await user.click(screen.getByRole("button", { name: /^Take it for €20.05/ }));
  await ready();
  expect(screen.queryByText(/The price rose/)).toBeNull();
});

test("who looks at the cart for long learns what changed within half a minute", async () => {
  let left = 10;
  shop(() => ({ ...LAMP, quantity: left }), taken);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  openCart();
  await act(() => vi.advanceTimersByTimeAsync(1000));
  left = 1;
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.getByText("Only 1 left, and you have 2 in your cart.")).toBeDefined();
});

test("a price that fell is told and counts, and holds nothing back", async () => {
  shop(() => ({ ...LAMP, price: 10 }), taken);
  openCart();
  await screen.findByText("The price fell from €19.90 to €10.00.");
  expect(screen.getByRole("region", { name: "Summary" }).textContent).toContain("€20.00");
  await ready();
});

test.each<[Product | null, string]>([
  [{ ...LAMP, quantity: 0 }, "Sold out."],
  [null, "This is no longer sold."],
])("what can't be had any more is told, and leaves the cart by a click", async (product, words) => {
  shop(() => product, taken);
  const { user } = openCart();
  await screen.findByText(words);
  expect(orderButton().getAttribute("aria-disabled")).toBe("true");
  await user.click(screen.getByRole("button", { name: /^Remove it/ }));
  await screen.findByRole("heading", { name: "Your cart is empty" });
  expect(kept().lines).toEqual([]);
});

test("a removed line leaves a way back, which has the focus; back is back in its place", async () => {
  shop(() => LAMP, taken);
  const { user } = openCart();
  const before = kept().lines;
  await user.click(screen.getByRole("button", { name: "Remove Desk lamp" }));
  expect(screen.getByText("Desk lamp is removed from your cart.")).toBeDefined();
  expect(document.activeElement?.textContent).toBe("Undo: put Desk lamp back");
  await user.keyboard("{Enter}");
  expect(kept().lines).toEqual(before);
  expect(document.activeElement?.textContent).toBe("Desk lamp");
});

test.each([
  ["7{Enter}", 7],
  ["99{Enter}", 10],
  ["0{Enter}", 1],
  ["{Backspace}{Enter}", 2],
  ["x{Enter}", 2],
  ["1.5{Enter}", 2],
  ["7{Escape}", 2],
  ["{ArrowUp}{ArrowUp}{ArrowDown}", 3],
])("the number of pieces can be typed, and stays within the stock: %s", async (keys, number) => {
  shop(() => LAMP, taken);
  const { user } = openCart();
  await ready();
  const input = screen.getByRole<HTMLInputElement>("textbox", { name: "Quantity of Desk lamp" });
  await user.tripleClick(input);
  await user.keyboard(keys);
  expect(kept().lines[0].quantity).toBe(number);
  expect(input.value).toBe(String(number));
});

test("the number of pieces goes up and down by buttons, no further than the stock and one", async () => {
  shop(() => ({ ...LAMP, quantity: 3 }), taken);
  const { user } = openCart();
  await ready();
  const [less, more] = ["One Desk lamp less", "One Desk lamp more"].map((name) => screen.getByRole("button", { name }));
  for (const _ of [1, 2, 3]) await user.click(more as HTMLElement);
  expect(kept().lines[0].quantity).toBe(3);
  for (const _ of [1, 2, 3, 4]) await user.click(less as HTMLElement);
  expect(kept().lines[0].quantity).toBe(1);
});
