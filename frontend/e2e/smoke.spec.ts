/** The shop opens: its pages are there, with the pictures of what it sells, and the browser complains of nothing. */
import { loaded } from "./loaded";
import { expect, test } from "./test";

for (const [path, heading] of [
  ["/", "Good things, honestly counted"],
  ["/products?category=garden", "Garden"],
  ["/products/chair", "Chair"],
] as const) {
  test(`${path} opens and shows pictures, and the console stays empty`, async ({ page }) => {
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.locator("main img").first()).toBeVisible();
    await loaded(page);
    expect(said).toEqual([]);
  });
}
