/** Ordering: from a visitor's cart to an accepted order; and once, whatever happens on the way. */
import { newest, orderButton, ordersOf, readyToOrder } from "./buying";
import { addProduct, decided, newCustomer, signal } from "./support";
import { expect, test } from "./test";

test("a visitor is asked to sign in, comes back to the cart, and sees the order turn by itself", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 9, price: 9.5 });
  await page.goto(`/products/${product.slug}`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /^Cart/ }).click();
  await page.getByRole("link", { name: "Sign in to order" }).click();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/shopping-cart");
  await expect(orderButton(page)).toHaveAttribute("aria-disabled", "false");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));

  // What decides stands still, so that the order can be seen before it is decided.
  signal("products-ms", "SIGSTOP");
  try {
    await orderButton(page).click();
    await expect(page).toHaveURL("/orders");
    await expect(newest(page)).toContainText("Pending");
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: /^Cart/ })).toHaveAccessibleName("Cart, 0 pieces");
    await expect(newest(page)).toContainText("nothing is lost");
    asked.length = 0;
  } finally {
    signal("products-ms", "SIGCONT");
  }
  await expect(newest(page)).toContainText("Accepted", { timeout: 60_000 });
  await expect(page.getByText(/^Order .* was accepted\.$/)).toBeVisible();
  await expect(newest(page)).toContainText("€9.50");
  expect(asked.filter((line) => line === "GET /api/orders")).toEqual([]);
});

test("a double click orders once", async ({ page }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }), 2);
  await orderButton(page).dblclick();
  await expect(newest(page)).toContainText("Accepted");
  expect((await decided(person)).map(({ products }) => products[0]?.quantity)).toEqual([2]);
});

test("an answer that got lost is asked for again, and ordered once", async ({ page }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }));
  const keys: (string | undefined)[] = [];
  await page.route("**/api/orders", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  await orderButton(page).click();
  await expect(newest(page)).toContainText("Accepted");
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(await ordersOf(person)).toHaveLength(1);
});

test("when no answer comes at all it is told, and trying again, after a reload, orders once", async ({ page }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }));
  let lose = true;
  await page.route("**/api/orders", async (route) => {
    if (route.request().method() !== "POST" || !lose) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  await orderButton(page).click();
  await expect(page.getByRole("alert")).toContainText("we do not know yet whether your order is placed");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  expect(await ordersOf(person)).toHaveLength(1);
  await page.reload();
  lose = false;
  await expect(orderButton(page)).toHaveAttribute("aria-disabled", "false");
  await orderButton(page).click();
  await expect(newest(page)).toContainText("Accepted");
  expect(await ordersOf(person)).toHaveLength(1);
});

test("two tabs that order the same cart at once order it once", async ({ page, context }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }));
  const other = await context.newPage();
  await other.goto("/shopping-cart");
  await expect(orderButton(other)).toHaveAttribute("aria-disabled", "false");
  // Both requests are on their way before either is answered.
  let waiting = 0;
  let go: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });
  await context.route("**/api/orders", async (route) => {
    if (route.request().method() === "POST" && ++waiting === 2) go();
    if (route.request().method() === "POST") await both;
    await route.continue();
  });
  await Promise.all([orderButton(page).click(), orderButton(other).click()]);
  for (const tab of [page, other]) {
    await expect(tab).toHaveURL("/orders");
    await expect(newest(tab)).toContainText("Accepted");
    await expect(tab.getByRole("article")).toHaveCount(1);
  }
  expect(await ordersOf(person)).toHaveLength(1);
});
