/** Accounts: made, signed in to, and what the navbar offers to whom. */
import type { Page } from "@playwright/test";
import { ADMIN, newCustomer, signIn, unique } from "./support";
import { expect, test } from "./test";

const links = (page: Page) => page.getByRole("navigation", { name: "Main" }).locator(".nav-links a, .nav-links button");

test("who registers is led to the sign-in with the e-mail filled in, and from there to the orders", async ({
  page,
}) => {
  const email = `${unique("new").replace(" ", "-")}@example.test`;
  await page.goto("/register");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("four plain words");
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByText("Your account is ready. Sign in to go on.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await page.getByLabel("Password", { exact: true }).fill("four plain words");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/orders$/);
  await expect(page.getByRole("heading", { name: "No orders yet" })).toBeVisible();
  await expect(page.locator(".nav-account")).toHaveText(email);
});

test("a wrong password is said beside the field, and the right one then signs in", async ({ page }) => {
  const { email, password } = await newCustomer();
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  const field = page.getByLabel("Password", { exact: true });
  await field.fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(field).toHaveAccessibleDescription("Incorrect e-mail or password. Check both and try again.");
  await expect(field).toBeFocused();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await field.fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/orders$/);
});

test("an e-mail that has an account leads to the sign-in", async ({ page }) => {
  const { email } = await newCustomer();
  await page.goto("/register?then=/shopping-cart");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("four plain words");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/it has an account already/);
  await page.getByRole("link", { name: "sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/login\?then=%2Fshopping-cart$|\/login\?then=\/shopping-cart$/);
});

test("the address of another host is no place to go on to", async ({ page }) => {
  const person = await newCustomer();
  await page.goto("/login?then=/.//example.com/");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/orders$/);
});

test("who is signed in goes on from the sign-in at once", async ({ page }) => {
  await signIn(page, await newCustomer());
  await page.goto("/login?then=/shopping-cart");
  await expect(page).toHaveURL(/\/shopping-cart$/);
});

test("the navbar offers a visitor to sign in, a customer to sign out, and an admin to add products", async ({
  page,
}) => {
  await page.goto("/");
  await expect(links(page)).toHaveText(["Home", "Products", "Orders", "Login", "Register"]);
  await signIn(page, await newCustomer());
  await expect(links(page)).toHaveText(["Home", "Products", "Orders", "Logout"]);
  await page.goto("/add-product");
  await expect(page.getByRole("heading", { name: "This page is for the shop’s staff" })).toBeVisible();
  await page.getByRole("button", { name: "Logout" }).click();
  await expect(links(page)).toHaveText(["Home", "Products", "Orders", "Login", "Register"]);
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await signIn(page, ADMIN);
  await expect(links(page)).toHaveText(["Home", "Products", "Orders", "Add product", "Logout"]);
});
