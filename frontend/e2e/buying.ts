/** What the specs about orders do on the page. */
import type { Page } from "@playwright/test";
import { api, type Order, type Person, type Product, signIn, tokenOf } from "./support";
import { expect } from "./test";

/** Somebody signed in looks at a cart with one product, which can be ordered. */
export async function readyToOrder(page: Page, person: Person, product: Product, quantity = 1): Promise<void> {
  await signIn(page, person);
  await page.goto(`/products/${product.slug}`);
  await page.getByLabel("Quantity", { exact: true }).selectOption(String(quantity));
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /^Cart/ }).click();
  await expect(orderButton(page)).toHaveAttribute("aria-disabled", "false");
}

export function orderButton(page: Page) {
  return page.getByRole("button", { name: "Order", exact: true });
}

/** The newest order, as the page shows it. */
export function newest(page: Page) {
  return page.getByRole("article").first();
}

export async function ordersOf(person: Person): Promise<Order[]> {
  return (await api<{ orders: Order[] }>("GET", "/orders", { token: await tokenOf(person) })).orders;
}
