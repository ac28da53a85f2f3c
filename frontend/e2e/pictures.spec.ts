/** Takes the pictures of the README, of a shop as it is delivered: `make pictures` keeps them in docs/pictures. */
import { join } from "node:path";
import type { Page, TestInfo } from "@playwright/test";
import { loaded } from "./loaded";
import { newCustomer, signal, signIn } from "./support";
import { expect, test } from "./test";

async function take(page: Page, info: TestInfo, name: string): Promise<void> {
  await loaded(page);
  const folder = process.env.SHOP_PICTURES ?? info.outputDir;
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 82, animations: "disabled" });
}

async function fill(page: Page, ...slugs: string[]): Promise<void> {
  for (const slug of slugs) {
    await page.goto(`/products/${slug}`);
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("button", { name: "Dismiss" }).click();
  }
}

test.use({ viewport: { width: 1280, height: 800 } });

test("the shop, a product, and the shop in the dark", async ({ page }, info) => {
  await page.goto("/");
  await take(page, info, "shop");
  await page.goto("/products/teapot");
  await take(page, info, "product");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/products?category=garden");
  await take(page, info, "dark");
});

test("the shop on a phone", async ({ page }, info) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/products?category=kitchen");
  await take(page, info, "phone");
});

test("a cart, and its order turning", async ({ page }, info) => {
  await signIn(page, await newCustomer());
  await fill(page, "bread-book", "cast-iron-pan");
  await page.goto("/shopping-cart");
  await page.getByRole("button", { name: "Order" }).click();
  await expect(page.getByText("Accepted", { exact: true })).toBeVisible();
  await fill(page, "teapot", "coffee-grinder", "plush-bear");
  await page.goto("/shopping-cart");
  await take(page, info, "cart");
  signal("products-ms", "SIGSTOP");
  try {
    await page.getByRole("button", { name: "Order" }).click();
    await expect(page.getByText("Pending", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await take(page, info, "order-pending");
  } finally {
    signal("products-ms", "SIGCONT");
  }
  await expect(page.getByText("Accepted", { exact: true })).toHaveCount(2);
  await take(page, info, "order-accepted");
});
