/** The last piece is bought by somebody else between the order and its decision. */
import { newest, orderButton, readyToOrder } from "./buying";
import { addProduct, decided, newCustomer, order, signal } from "./support";
import { expect, test } from "./test";

/** Orders are decided in turn only within a partition, of which there are few: one of so many others stands before. */
const OTHERS = 40;

test("the order turns red by itself and says why, and the shop shows the product as sold out", async ({ page }) => {
  const [person, other] = [await newCustomer(), await newCustomer()];
  const product = await addProduct({ quantity: 1 });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await readyToOrder(page, person, product);

  signal("products-ms", "SIGSTOP");
  try {
    for (let n = 0; n < OTHERS; n++) await order(other, product.name, 1);
    await orderButton(page).click();
    await expect(newest(page)).toContainText("Pending");
  } finally {
    signal("products-ms", "SIGCONT");
  }

  await expect(newest(page)).toContainText("Rejected", { timeout: 60_000 });
  await expect(newest(page)).toContainText(/Thing .* was sold out when your order was decided\./);
  await expect(page.getByText(/^Order .* was rejected\.$/)).toBeVisible();
  const statuses = (await decided(other)).map(({ status }) => status);
  expect(statuses.filter((status) => status === "ACCEPTED")).toHaveLength(1);
  await newest(page)
    .getByRole("link", { name: /^Thing/ })
    .click();
  await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
});

test("when it is gone before the order arrives, the cart says so and nothing is ordered", async ({ page }) => {
  const [person, other] = [await newCustomer(), await newCustomer()];
  const product = await addProduct({ quantity: 3 });
  await readyToOrder(page, person, product, 3);
  await order(other, product.name, 2);
  await decided(other);
  await expect(async () => {
    // The copy that refuses hopeless orders hears of it a moment later.
    await expect(order(other, product.name, 2)).rejects.toThrow("404");
  }).toPass();

  await orderButton(page).click();
  await expect(page.getByRole("alert")).toContainText("nothing was ordered");
  await expect(page.getByText("Only 1 left, and you have 3 in your cart.")).toBeVisible();
  expect(await decided(person)).toEqual([]);
  await page.getByRole("button", { name: /^Take 1/ }).click();
  await orderButton(page).click();
  await expect(newest(page)).toContainText("Accepted");
});
