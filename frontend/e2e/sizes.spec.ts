/** Every page from the narrowest phone to a wide screen: nothing sticks out, and all of the navigation is there. */
import { loaded } from "./loaded";
import { ADMIN, addProduct, signIn } from "./support";
import { expect, test } from "./test";

const PATHS = ["/", "/products", "/products/chair", "/shopping-cart", "/orders", "/login", "/register", "/add-product"];

for (const width of [320, 768, 1440]) {
  test(`nothing sticks out at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 720 });
    const { slug } = await addProduct({
      quantity: 9,
      name: `${"Donaudampfschifffahrts".repeat(3)} ${width} ${Date.now()}`,
    });
    await signIn(page, ADMIN);
    await page.goto(`/products/${slug}`);
    await page.getByRole("button", { name: "Add to cart" }).click();
    for (const path of [`/products/${slug}`, ...PATHS]) {
      await page.goto(path);
      await loaded(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width);
    }
  });
}

test("on a phone the menu holds what a wide screen shows", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/");
  const menu = page.getByRole("button", { name: "Menu" });
  await expect(page.getByRole("link", { name: "Login" })).toBeHidden();
  await menu.click();
  await expect(menu).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("listitem")).toContainText([
    "Home",
    "Products",
    "Orders",
    "",
    "Login",
    "Register",
  ]);
  await page.getByRole("link", { name: "Login" }).click();
  await expect(page).toHaveURL("/login");
  await expect(menu).toHaveAttribute("aria-expanded", "false");
});
