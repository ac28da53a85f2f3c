/** How long one stays signed in, and how one stops to be. */
import type { Page } from "@playwright/test";
import { addProduct, ask, newCustomer, type Person, signIn, tokenOf } from "./support";
import { expect, test } from "./test";

const login = (page: Page) => page.getByRole("link", { name: "Login" });
const account = (page: Page, { email }: Person) => expect(page.locator(".nav-account")).toHaveText(email);

/** What the page asks of the API from now on, as "GET /api/orders 200". */
function asked(page: Page): string[] {
  const lines: string[] = [];
  page.on("response", (answer) => {
    const path = new URL(answer.url()).pathname;
    if (path.startsWith("/api/")) lines.push(`${answer.request().method()} ${path} ${answer.status()}`);
  });
  return lines;
}

test("a token that the API finds expired is renewed without a word, and the request is sent again", async ({
  page,
}) => {
  await signIn(page, await newCustomer());
  await page.waitForLoadState("networkidle");
  const lines = asked(page);
  await page.route(
    "**/api/orders",
    (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer of.another.time" } }),
    { times: 1 },
  );
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  const about = lines.filter((line) => /\/(orders|refresh) /.test(line));
  expect(about).toEqual(["GET /api/orders 401", "POST /api/refresh 200", "GET /api/orders 200"]);
  await expect(page.locator(".notice")).toHaveCount(0);
});

test("a token near its end is renewed before it is used, once for all who need it", async ({ page }) => {
  const person = await newCustomer();
  await page.clock.install();
  await signIn(page, person);
  await account(page, person);
  await page.waitForLoadState("networkidle");
  const lines = asked(page);
  await page.clock.fastForward("14:55");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  // The list and the live events both need a token at the same moment.
  await expect.poll(() => lines.filter((line) => line.includes("/orders"))).toContain("GET /api/orders 200");
  expect(lines.filter((line) => line.includes("/refresh"))).toEqual(["POST /api/refresh 200"]);
  expect(lines.filter((line) => line.endsWith("401"))).toEqual([]);
});

test("a session that was ended elsewhere signs out politely, and the cart stays", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 5 });
  await signIn(page, person);
  await page.goto(`/products/${product.slug}`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await account(page, person);
  expect((await ask("POST", "/logout-everywhere", { token: await tokenOf(person) })).status).toBe(204);
  await page.reload();
  await expect(login(page)).toBeVisible();
  await expect(page.getByText("Your session has ended, so you are signed out. Your cart is still here.")).toBeVisible();
  await page.getByRole("link", { name: "Cart, 1 piece" }).click();
  await page.getByRole("link", { name: "Sign in to order" }).click();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/shopping-cart$/);
  await expect(page.getByRole("button", { name: "Order", exact: true })).toBeVisible();
});

test("a sign-out in one tab signs out the other, and so does a sign-in", async ({ page, context }) => {
  const person = await newCustomer();
  await signIn(page, person);
  const other = await context.newPage();
  await other.goto("/products");
  await account(other, person);
  await page.getByRole("button", { name: "Logout" }).click();
  await expect(login(other)).toBeVisible();
  await expect(other.locator(".notice")).toHaveCount(0);
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "refresh_token");
  expect(cookie).toBeUndefined();

  await other.goto("/login");
  await other.getByLabel("E-mail").fill(person.email);
  await other.getByLabel("Password", { exact: true }).fill(person.password);
  await other.keyboard.press("Enter");
  await account(page, person);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
});

test("two tabs that refresh at once both stay signed in", async ({ page, context }) => {
  const person = await newCustomer();
  await signIn(page, person);
  const other = await context.newPage();
  await other.goto("/orders");
  await expect(other.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  const lines = [...[page, other].map(asked)];
  await Promise.all([page.goto("/orders"), other.reload()]);
  for (const tab of [page, other]) {
    await expect(tab.getByRole("heading", { name: "No orders yet" })).toBeVisible();
    await account(tab, person);
  }
  expect(lines.flat().filter((line) => line.includes("/refresh"))).toEqual([
    "POST /api/refresh 200",
    "POST /api/refresh 200",
  ]);
});

test("a reload keeps signed in, and at no moment shows the way to sign in", async ({ page }) => {
  const person = await newCustomer();
  await signIn(page, person);
  await account(page, person);
  await page.addInitScript(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const item of document.querySelectorAll(".nav-account, .nav-links a[href='/login']")) {
        seen.add(item.textContent ?? "");
      }
    }).observe(document, { childList: true, subtree: true });
  });
  // The session is restored late: what is shown until then is what was remembered.
  await page.route("**/api/refresh", async (route) => {
    await expect(page.locator(".nav-account")).toBeVisible();
    await route.continue();
  });
  const restored = page.waitForResponse("**/api/refresh");
  await page.reload();
  expect((await restored).status()).toBe(200);
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])).toEqual([person.email]);
});

test("no script of a page can read the refresh token, and none stores the access token", async ({ page, context }) => {
  await signIn(page, await newCustomer());
  await page.goto("/orders");
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "refresh_token");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/api" });
  const readable = await page.evaluate(() => document.cookie + JSON.stringify([localStorage, sessionStorage]));
  expect(readable).not.toContain("refresh_token");
  expect(readable).not.toMatch(/ey[\w-]+\.ey[\w-]+\./);
});
