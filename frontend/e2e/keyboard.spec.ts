/** A whole purchase without a mouse. */
import type { Locator, Page } from "@playwright/test";
import { addProduct, decided, newCustomer } from "./support";
import { expect, test } from "./test";

/** Press Tab until the focus is on `wanted`, each time on something that is seen and visibly has it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focus = page.locator(":focus");
    await expect(focus).toBeInViewport();
    expect(
      await focus.evaluate(isMarked),
      `${await focus.evaluate((e) => e.outerHTML)} shows that it has the focus`,
    ).toBe(true);
    if (
      (await wanted.count()) > 0 &&
      (await wanted.first().evaluate((element) => element === document.activeElement))
    ) {
      return;
    }
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

/** Whether the element, or what it lies in, has an outline or a ring. */
function isMarked(element: Element): boolean {
  for (let each: Element | null = element; each; each = each.parentElement) {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    if (
      (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) ||
      (each === element && boxShadow !== "none")
    ) {
      return true;
    }
  }
  return false;
}

test("a whole purchase by keyboard alone", async ({ page }) => {
  const person = await newCustomer();
  const product = await addProduct({ quantity: 5, price: 12.5 });
  const press = (key: string) => page.keyboard.press(key);

  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "Skip to the content" }));
  await tabTo(page, page.getByRole("link", { name: "Products", exact: true }));
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "All products" })).toBeFocused();

  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type(product.name);
  const found = page.locator(".product-card a");
  await expect(found).toHaveCount(1);
  await tabTo(page, found);
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(new RegExp(product.name, "i"));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await tabTo(page, page.getByLabel("Quantity"));
  await press("ArrowDown");
  await tabTo(page, page.getByRole("button", { name: "Add to cart" }));
  await press("Enter");
  await expect(page.getByText("2 pieces added to your cart.")).toBeVisible();

  await page.keyboard.press("Home");
  await tabTo(page, page.getByRole("link", { name: "cart", exact: true }));
  await press("Enter");
  const cart = page.getByRole("heading", { level: 1, name: "Your cart" });
  await expect(cart).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Sign in to order" }));
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeFocused();
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type(person.email);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type(person.password);
  await press("Enter");
  await expect(cart).toBeFocused();

  await tabTo(page, page.getByRole("button", { name: "Order", exact: true }));
  await press("Enter");
  await expect(page).toHaveURL(/\/orders$/);
  await expect(page.locator(".order-status").first()).toHaveText("Accepted");
  expect((await decided(person)).map(({ cost, status }) => ({ cost, status }))).toEqual([
    { cost: 25, status: "ACCEPTED" },
  ]);
});

test("the menu of a phone by keyboard: it opens, is gone through, and closes when it has led on", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/");
  const menu = page.getByRole("button", { name: "Menu" });
  await tabTo(page, menu);
  await page.keyboard.press("Enter");
  await expect(menu).toHaveAttribute("aria-expanded", "true");
  await tabTo(page, page.getByRole("link", { name: "Register" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Create an account" })).toBeFocused();
  await expect(menu).toHaveAttribute("aria-expanded", "false");
});
