/** The shop opens: its pages are there, with the pictures of what it sells, and the browser complains of nothing. */
import { expect, test } from "./test";

for (const [path, heading] of [
  ["/", "Good things, honestly counted"],
  ["/products", "All products"],
  ["/products/chair", "Chair"],
] as const) {
  test(`${path} opens and shows pictures, and the console stays empty`, async ({ page }) => {
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    const picture = page.locator("main img").first();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.waitForLoadState("networkidle");
    expect(said).toEqual([]);
  });
}
