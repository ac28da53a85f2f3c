/** Every page in every state that looks different, in light and in dark: axe finds nothing. */
import type { Page } from "@playwright/test";
import { ADMIN, addProduct, decided, expectAccessible, newCustomer, order, png, signIn } from "./support";
import { expect, test } from "./test";

const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the catalogue", async ({ page }) => {
      await page.goto("/");
      await heading(page, "Good things, honestly counted");
      await expect(page.locator("main img").first()).toBeVisible();
      await expectAccessible(page);
      await page.goto("/products");
      await expect(page.locator(".product-card a").first()).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("searchbox").fill("nothing has this name");
      await expect(page.locator(".product-card")).toHaveCount(0);
      await expectAccessible(page);
      for (const path of ["/products/chair", "/products/there-is-none", "/no-such-page"]) {
        await page.goto(path);
        await heading(page, /./);
        await page.waitForLoadState("networkidle");
        await expectAccessible(page);
      }
    });

    test("products with few left, sold out, and without a picture", async ({ page }) => {
      const few = await addProduct({ quantity: 2, picture: png(640, 480, [200, 90, 60]) });
      const none = await addProduct({ quantity: 0 });
      for (const [{ slug }, text] of [
        [few, "Only 2 left"],
        [none, "Sold out"],
      ] as const) {
        await page.goto(`/products/${slug}`);
        await expect(page.getByText(text).first()).toBeVisible();
        await expectAccessible(page);
      }
      await page.goto(`/products?q=thing`);
      await expect(page.locator(".product-card .stock-out").first()).toBeVisible();
      await expectAccessible(page);
    });

    test("the cart: empty, filled, with what changed, and the notice", async ({ page }) => {
      await page.goto("/shopping-cart");
      await heading(page, "Your cart");
      await expectAccessible(page);
      const product = await addProduct({ quantity: 3 });
      await page.goto(`/products/${product.slug}`);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await expect(page.locator(".notice")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("link", { name: "Cart, 1 piece" }).click();
      await expect(page.getByRole("link", { name: "Sign in to order" })).toBeVisible();
      await expectAccessible(page);
      const buyer = await newCustomer();
      await order(buyer, product.name, 3);
      await decided(buyer);
      await page.reload();
      await expect(page.locator(".news").first()).toBeVisible();
      await expectAccessible(page);
    });

    test("the orders: a visitor's, none yet, accepted and rejected", async ({ page }) => {
      await page.goto("/orders");
      await heading(page, "Your orders");
      await expectAccessible(page);
      const person = await newCustomer();
      await signIn(page, person);
      await page.goto("/orders");
      await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
      await expectAccessible(page);
      const product = await addProduct({ quantity: 1 });
      await Promise.all([order(person, product.name, 1), order(person, product.name, 1)]);
      await decided(person);
      await page.reload();
      await expect(page.locator(".order-status")).toHaveCount(2);
      await expectAccessible(page);
    });

    test("the sign-in and the registration: empty, with errors, and with a notice", async ({ page }) => {
      for (const path of ["/login", "/register"]) {
        await page.goto(path);
        await heading(page, /./);
        await expectAccessible(page);
        await page.getByRole("button", { name: /^(Sign in|Create the account)$/ }).click();
        await expect(page.locator(".field-error")).toHaveCount(2);
        await expectAccessible(page);
      }
      const { email } = await newCustomer();
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("four plain words");
      await page.keyboard.press("Enter");
      await expect(page.getByText("it has an account already")).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel("E-mail").fill(`new-${email}`);
      await page.keyboard.press("Enter");
      await expect(page.locator(".form-notice")).toBeVisible();
      await expectAccessible(page);
    });

    test("the form for products: closed, empty, filled, with suggestions, a question and errors", async ({ page }) => {
      await page.goto("/add-product");
      await heading(page, "Add a product");
      await expectAccessible(page);
      await signIn(page, await newCustomer());
      await page.goto("/add-product");
      await heading(page, "Add a product");
      await expectAccessible(page);
      await signIn(page, ADMIN);
      await page.goto("/add-product");
      const categories = page.getByRole("combobox");
      await categories.fill("k");
      await page.keyboard.press("ArrowDown");
      await expect(page.getByRole("option", { selected: true })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Enter");
      await categories.fill("a category that is new");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("group")).toBeVisible();
      await expectAccessible(page);
      const picture = { name: "a.png", mimeType: "image/png", buffer: Buffer.from(png(600, 400, [20, 120, 90])) };
      await page.getByLabel(/^Picture/).setInputFiles(picture);
      await page.getByRole("button", { name: "Add the product" }).click();
      await expect(page.locator(".field-error")).toHaveCount(6);
      await expectAccessible(page);
    });

    test("a phone with its menu open, and the banner of an outage", async ({ page, context }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto("/products");
      await expect(page.locator(".product-card a").first()).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Menu" }).click();
      await expect(page.getByRole("link", { name: "Register" })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Menu" }).click();
      await context.setOffline(true);
      await page.getByRole("searchbox").fill("chair");
      await expect(page.locator(".outage-banner")).toBeVisible();
      await expect(page.getByRole("heading", { name: /could not be loaded/ })).toBeVisible();
      await expectAccessible(page);
    });
  });
}
