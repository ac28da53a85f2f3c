/** Looking for things: search as one types, categories, sorting, more of it, and what there is to say when there is none. */
import { ADMIN, addProduct, api, tokenOf, unique } from "./support";
import { expect, test } from "./test";

test("finds as one types, and the address keeps what was looked for", async ({ page }) => {
  const [first, second] = unique("zebra").split(" ");
  const product = await addProduct({ quantity: 3, name: `${first} ${second}`, description: "Striped wool" });
  await page.goto("/products");
  await expect(page.getByRole("article")).toHaveCount(24);
  await page.getByRole("searchbox").pressSequentially(`${second?.slice(0, 6)} stri`);
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page.getByRole("article").getByRole("link")).toHaveText(new RegExp(product.name, "i"));
  await expect(page.getByRole("status").filter({ hasText: "1 product for" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue(`${second?.slice(0, 6)} stri`);
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.getByRole("searchbox").fill("");
  await expect(page.getByRole("article")).toHaveCount(24);
});

test("what is not there is said, with a way on", async ({ page }) => {
  await page.goto(`/products?q=${unique("nothing").replace(" ", "")}`);
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "See all products" }).click();
  await expect(page.getByRole("article")).toHaveCount(24);
  await expect(page).toHaveURL("/products");
});

test("a category narrows, a sort orders, and all pages together show each product once", async ({ page }) => {
  const token = await tokenOf(ADMIN);
  const category = unique("shelf");
  await api("POST", "/categories", { token, json: { name: category } });
  const names = Array.from({ length: 30 }, (_, n) => `${unique("box")} ${n}`);
  for (const [n, name] of names.entries()) {
    const product = { name, description: "", price: 1 + (n % 7), quantity: 1, categories: [category] };
    await api("POST", "/products", { token, json: { product } });
  }
  await page.goto("/products");
  await page.getByRole("navigation", { name: "Categories" }).getByRole("link", { name: category }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(new RegExp(category, "i"));
  await page.getByRole("combobox", { name: "Sort by" }).selectOption({ label: "Price, low to high" });
  const cards = page.getByRole("article");
  await expect(cards.first()).toContainText("€1.00");
  await expect(cards).toHaveCount(24);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(cards).toHaveCount(30);
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
  const shown = await cards.getByRole("link").allTextContents();
  expect(shown.map((name) => name.toLowerCase()).sort()).toEqual([...names].sort());
  const prices = await cards.locator(".price").allTextContents();
  expect(prices).toEqual([...prices].sort());
});

test("going back from a product leads to the same place of the same list", async ({ page }) => {
  await page.goto("/products?sort=name");
  const last = page.getByRole("article").nth(23);
  await last.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  expect(place).toBeGreaterThan(300);
  const name = (await last.getByRole("link").textContent()) ?? "";
  await last.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.goBack();
  await expect(page).toHaveURL("/products?sort=name");
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(place);
});

test("stock is told: in stock, the last ones, sold out", async ({ page }) => {
  for (const [quantity, words] of [
    [40, "In stock"],
    [2, "Only 2 left"],
    [0, "Sold out"],
  ] as const) {
    const { slug } = await addProduct({ quantity });
    await page.goto(`/products/${slug}`);
    await expect(page.getByText(words, { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Add to cart" })).toHaveCount(quantity > 0 ? 1 : 0);
  }
});

test("no more than there is goes into the cart", async ({ page }) => {
  const { slug } = await addProduct({ quantity: 2 });
  await page.goto(`/products/${slug}`);
  await expect(page.getByRole("combobox", { name: "Quantity" }).getByRole("option")).toHaveText(["1", "2"]);
  await page.getByRole("combobox", { name: "Quantity" }).selectOption("2");
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.getByText("All 2 pieces are in your cart.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Cart, 2 pieces" })).toBeVisible();
});

test("a product or a page that does not exist says so", async ({ page }) => {
  await page.goto("/products/no-such-thing");
  await expect(page.getByRole("heading", { name: "There is no such product" })).toBeVisible();
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
});
