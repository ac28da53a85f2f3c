/** The stream of events: what the page does without it, when it breaks, and in many tabs. */
import type { Page } from "@playwright/test";
import { newest } from "./buying";
import { addProduct, newCustomer, order, signal, signIn } from "./support";
import { expect, test } from "./test";
import { show } from "./visibility";

const live = (page: Page) => page.getByText("Live", { exact: true });
const polling = (page: Page) => page.getByText("Updating every few seconds");

for (const [name, refuse] of [
  ["refused", (route) => route.fulfill({ status: 503 })],
  ["cut off", (route) => route.abort("connectionrefused")],
] as const satisfies [string, (route: Parameters<Parameters<Page["route"]>[1]>[0]) => Promise<void>][]) {
  test(`while the stream is ${name} the page asks, and an order turns all the same`, async ({ page }) => {
    const person = await newCustomer();
    const product = await addProduct({ quantity: 9 });
    await page.route("**/api/orders/events", refuse);
    await signIn(page, person);
    signal("products-ms", "SIGSTOP");
    try {
      await order(person, product.name, 1);
      await page.goto("/orders");
      await expect(newest(page)).toContainText("Pending");
      await expect(polling(page)).toBeVisible();
    } finally {
      signal("products-ms", "SIGCONT");
    }
    await expect(newest(page)).toContainText("Accepted", { timeout: 60_000 });
    await page.unroute("**/api/orders/events");
    await expect(live(page)).toBeVisible({ timeout: 40_000 });
  });
}

test("an order placed elsewhere appears at once, also after the gateway died in between", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 9 });
  await signIn(page, person);
  await page.goto("/orders");
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  await order(person, product.name, 1);
  await expect(newest(page)).toContainText("Accepted");
  await expect(live(page)).toBeVisible();

  signal("gateway-ms");
  await expect(polling(page)).toBeVisible();
  await expect(live(page)).toBeVisible({ timeout: 60_000 });
  await order(person, product.name, 2);
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(newest(page)).toContainText("Accepted");
});

test("in many tabs some are live, the others ask, and all of them show the order", async ({ page, context }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 9 });
  await signIn(page, person);
  const tabs = [page, ...(await Promise.all(Array.from({ length: 7 }, () => context.newPage())))];
  for (const tab of tabs) {
    await tab.goto("/orders");
    await expect(tab.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  }
  await order(person, product.name, 1);
  for (const tab of tabs) await expect(newest(tab)).toContainText("Accepted", { timeout: 30_000 });
  const signs = await Promise.all(tabs.map((tab) => live(tab).count()));
  expect(signs.filter((sign) => sign === 1)).toHaveLength(5);
});

test("a hidden tab gives its stream back, and catches up when it is seen again", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 9 });
  await signIn(page, person);
  await page.goto("/orders");
  await order(person, product.name, 1);
  await expect(live(page)).toBeVisible();
  const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/orders/events"));
  await show(page, false);
  await ended;
  await order(person, product.name, 2);
  await show(page, true);
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(live(page)).toBeVisible();
});
