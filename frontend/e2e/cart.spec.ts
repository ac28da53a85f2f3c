/** The cart stays, in all tabs, and tells what changed in the shop meanwhile. */
import type { Page } from "@playwright/test";
import { ADMIN, addProduct, api, type Product, tokenOf } from "./support";
import { expect, test } from "./test";
import { show } from "./visibility";

const cartLink = (page: Page) => page.getByRole("link", { name: /^Cart/ });

async function putIntoCart(page: Page, product: Product, quantity: number): Promise<void> {
  await page.goto(`/products/${product.slug}`);
  await page.getByLabel("Quantity", { exact: true }).selectOption(String(quantity));
  await page.getByRole("button", { name: "Add to cart" }).click();
}

async function restock(product: Product, delta: number): Promise<void> {
  await api("POST", `/products/${product.slug}/restock`, { token: await tokenOf(ADMIN), json: { delta } });
}

test("it survives a reload, and is the same in another tab", async ({ page, context }) => {
  const product = await addProduct({ quantity: 9, price: 9.5 });
  await putIntoCart(page, product, 3);
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 3 pieces");
  await page.reload();
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 3 pieces");

  const other = await context.newPage();
  await other.goto("/shopping-cart");
  await expect(other.getByRole("region", { name: "Summary" })).toContainText("€28.50");
  await other.getByRole("button", { name: /^One .* more$/ }).click();
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 4 pieces");
  await other.getByRole("button", { name: /^Remove/ }).click();
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 0 pieces");
  await other.getByRole("button", { name: /^Undo/ }).click();
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 4 pieces");
});

test("stock that went is told to who comes back to the cart, and is settled by a click", async ({ page }) => {
  const product = await addProduct({ quantity: 9 });
  await putIntoCart(page, product, 4);
  await cartLink(page).click();
  await expect(page.getByText("In stock", { exact: true })).toBeVisible();

  await show(page, false);
  await restock(product, -7);
  await show(page, true);
  await expect(page.getByText("Only 2 left, and you have 4 in your cart.")).toBeVisible();
  await expect(page.getByText("First settle what is marked in your cart.")).toBeVisible();
  await page.getByRole("button", { name: /^Take 2/ }).click();
  await expect(cartLink(page)).toHaveAccessibleName("Cart, 2 pieces");
  await expect(page.getByText("Only 2 left", { exact: true })).toBeVisible();

  await restock(product, -2);
  await page.reload();
  await expect(page.getByText("Sold out.")).toBeVisible();
  await page.getByRole("button", { name: /^Remove it/ }).click();
  await expect(page.getByRole("heading", { name: "Your cart is empty" })).toBeVisible();
});

test("a price that rose since it was put in is told, and asks for consent", async ({ page }) => {
  const product = await addProduct({ quantity: 9, price: 9.5 });
  await putIntoCart(page, product, 2);
  // The shop changes no prices yet: so the shopper saw another one.
  await page.evaluate(() => {
    const cart = JSON.parse(localStorage.getItem("shop.cart") ?? "");
    cart.lines[0].price = 8.25;
    localStorage.setItem("shop.cart", JSON.stringify(cart));
  });
  await page.goto("/shopping-cart");
  await expect(page.getByText("The price rose from €8.25 to €9.50.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Summary" })).toContainText("€19.00");
  await page.getByRole("button", { name: /^Take it for €9.50/ }).click();
  await expect(page.getByText(/The price rose/)).toBeHidden();
  await expect(page.getByText("Your cart stays as it is while you sign in.")).toBeVisible();
});
