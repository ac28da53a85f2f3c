/** An admin adds products, and shoppers buy them. */
import type { Page } from "@playwright/test";
import { ADMIN, addProduct, decided, newCustomer, png, signIn, unique } from "./support";
import { expect, test } from "./test";

const lamp = () => ({ name: "lamp.png", mimeType: "image/png", buffer: Buffer.from(png(800, 600, [240, 180, 60])) });
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

async function fillIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Description").fill("Bright, and it bends where you want it.");
  await page.getByLabel("Price in €").fill("24,90");
  await page.getByLabel("Pieces in stock").fill("3");
}

const add = (page: Page) => page.getByRole("button", { name: "Add the product" }).click();

test("an admin adds a product with a picture and a new category, and a shopper buys it", async ({ page, browser }) => {
  const [name, category] = [unique("lamp"), unique("lights")];
  await page.goto("/products");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await signIn(page, ADMIN);
  await page.getByRole("link", { name: "Add product" }).click();
  await fillIn(page, name);

  const categories = page.getByRole("combobox", { name: "Categories" });
  await categories.pressSequentially("kitch");
  await page.getByRole("option", { name: "Kitchen" }).click();
  await categories.pressSequentially(category);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `Create “${capital(category)}”` }).click();
  await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(2);

  await page.getByLabel(/^Picture/).setInputFiles(lamp());
  await expect(page.getByRole("img", { name })).toBeVisible();
  await add(page);
  await expect(page.getByText(`“${capital(name)}” is in the shop.`)).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("");
  await expect(page.getByLabel("Name")).toBeFocused();

  await page.getByRole("link", { name: "Products", exact: true }).first().click();
  await expect(page.locator(".product-card h3").first()).toHaveText(capital(name));

  const shopper = await newCustomer();
  const theirs = await (await browser.newContext()).newPage();
  await signIn(theirs, shopper);
  await theirs.goto(`/products?category=${encodeURIComponent(category)}`);
  await theirs.getByRole("link", { name: capital(name) }).click();
  const picture = theirs.getByRole("img", { name: capital(name) });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await theirs.getByRole("button", { name: "Add to cart" }).click();
  await theirs.getByRole("link", { name: "Cart, 1 piece" }).click();
  await theirs.getByRole("button", { name: "Order", exact: true }).click();
  await expect(theirs.locator(".order-status").first()).toHaveText("Accepted");
  expect((await decided(shopper)).map(({ status, cost, products }) => ({ status, cost, products }))).toEqual([
    { status: "ACCEPTED", cost: 24.9, products: [{ name, price: 24.9, quantity: 1 }] },
  ]);
  await theirs.context().close();
});

test("what is wrong is said beside its field, and a name that is taken beside the name", async ({ page }) => {
  const there = await addProduct({ quantity: 1 });
  await signIn(page, ADMIN);
  await page.goto("/add-product");
  await add(page);
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription("Give the product a name.");
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Pieces in stock")).toHaveAccessibleDescription("Say how many there are.");
  await fillIn(page, there.name.toUpperCase());
  await page.getByLabel("Price in €").fill("24.999");
  await add(page);
  await expect(page.getByLabel("Price in €")).toHaveAccessibleDescription(
    "A price is a number with at most two decimals, such as 24.90.",
  );
  await page.getByLabel("Price in €").fill("24.99");
  await add(page);
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(
    "There is a product of this name already. Choose another name.",
  );
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Price in €")).toHaveValue("24.99");
});

test("a picture that the API refuses: the product is there, and another picture is sent", async ({ page }) => {
  const name = unique("lamp");
  await signIn(page, ADMIN);
  await page.goto("/add-product");
  await fillIn(page, name);
  const picture = page.getByLabel(/^Picture/);
  await picture.setInputFiles({ name: "lamp.txt", mimeType: "text/plain", buffer: Buffer.from("a lamp") });
  await expect(picture).toHaveAccessibleDescription(/^Choose a JPEG, PNG, WebP or GIF picture\./);
  // The browser shows one that is far higher than wide; the API does not take it.
  const tall = Buffer.from(png(40, 200, [10, 90, 60]));
  await picture.setInputFiles({ name: "lamp.png", mimeType: "image/png", buffer: tall });
  await add(page);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText(
    `“${capital(name)}” is in the shop, but its picture is not: A picture may have at most`,
  );
  await expect(alert).toBeFocused();
  await picture.setInputFiles(lamp());
  await page.getByRole("button", { name: "Send the picture" }).click();
  await page.getByRole("link", { name: "See how it looks" }).click();
  const shown = page.getByRole("img", { name: capital(name) });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
});
