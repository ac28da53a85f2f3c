/** The connection, or the API behind it, is gone for a while. */
import { addProduct, newCustomer, signal, signIn } from "./support";
import { expect, test } from "./test";

const BANNER = "We can’t reach the shop right now. Your cart is safe, and this page goes on by itself.";

test("what could not be loaded while offline is there when the connection is back, without a reload", async ({
  page,
  context,
}) => {
  const product = await addProduct({ quantity: 4 });
  await page.goto("/products");
  await expect(page.locator(".product-card a").first()).toBeVisible();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await context.setOffline(true);
  await page.getByRole("searchbox").fill(product.name);
  await expect(page.getByRole("heading", { name: /could not be loaded/ })).toBeVisible();
  await expect(page.getByText(BANNER)).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator(".product-card h3")).toHaveText([new RegExp(product.name, "i")]);
  await expect(page.getByText(BANNER)).toBeHidden();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("the gateway is killed: the banner comes and goes, nobody is signed out, and the cart stays", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 4 });
  await signIn(page, person);
  await page.goto(`/products/${product.slug}`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.locator(".nav-account")).toHaveText(person.email);
  signal("gateway-ms");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByText(BANNER)).toBeVisible();
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  await expect(page.getByText(BANNER)).toBeHidden();
  await expect(page.locator(".nav-account")).toHaveText(person.email);
  await expect(page.getByRole("link", { name: "Cart, 1 piece" })).toBeVisible();
});
