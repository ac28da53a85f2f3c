/** What decides orders dies while one is placed: the order waits, and the page heals by itself. */
import { newest, orderButton, readyToOrder } from "./buying";
import { addProduct, decided, newCustomer, signal } from "./support";
import { expect, test } from "./test";

test("an order placed while products-ms is dead is decided when it is back", async ({ page }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }), 2);
  signal("products-ms");
  await orderButton(page).click();
  await expect(page).toHaveURL("/orders");
  await expect(newest(page)).toContainText("Accepted", { timeout: 90_000 });
  expect((await decided(person)).map(({ status }) => status)).toEqual(["ACCEPTED"]);
  await expect(newest(page).getByRole("link", { name: /^Thing/ })).toBeVisible();
});

test("a page opened while orders-ms is dead shows the orders when it is back, and is live again", async ({ page }) => {
  const person = await newCustomer();
  await readyToOrder(page, person, await addProduct({ quantity: 9 }));
  await orderButton(page).click();
  await expect(newest(page)).toContainText("Accepted");
  signal("orders-ms");
  await page.reload();
  await expect(newest(page)).toContainText("Accepted", { timeout: 60_000 });
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 60_000 });
});
