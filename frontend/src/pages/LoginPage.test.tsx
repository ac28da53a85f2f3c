import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { session } from "../auth/session";
import { described } from "../testing/described";
import { json, later, network, noAnswer, outage, problem, tokenOf } from "../testing/network";
import { open } from "../testing/pages";
import { LoginPage } from "./LoginPage";

const ANN = { email: "ann@example.test", role: "user" } as const;
const email = () => screen.getByLabelText<HTMLInputElement>("E-mail");
const password = () => screen.getByLabelText<HTMLInputElement>("Password");
const button = () => screen.getByRole("button", { name: /^Sign/ });

const openLogin = (at = "/login") => open(at, { "/login": <LoginPage /> });

afterEach(() => {
  cleanup();
  act(() => session.set({ account: null, ended: false }));
  vi.unstubAllGlobals();
  localStorage.clear();
});

test("the fields say what a password manager should fill in", () => {
  openLogin();
  expect([email().type, email().autocomplete, password().type, password().autocomplete]).toEqual([
    "email",
    "username",
    "password",
    "current-password",
  ]);
});

test.each([
  ["/login", "/orders"],
  ["/login?then=%2Fshopping-cart", "/shopping-cart"],
  ["/login?then=%2Fproducts%3Fq%3Dlamp", "/products?q=lamp"],
  ["/login?then=%2F%2Fevil.test", "/orders"],
  ["/login?then=https%3A%2F%2Fevil.test", "/orders"],
])("%s leads to %s", async (at, leadsTo) => {
  const sent = network(() => json(200, { access_token: tokenOf(ANN) }));
  const { user, address } = openLogin(at);
  await user.type(email(), " ann@example.test ");
  await user.type(password(), " secret words {Enter}");
  await waitFor(() => expect(address()).toBe(leadsTo));
  expect(sent).toEqual(["POST /api/login"]);
  expect(session.get().account).toEqual(ANN);
});

test("who is signed in goes on at once", () => {
  network(noAnswer);
  session.set({ account: ANN, ended: false });
  expect(openLogin("/login?then=/shopping-cart").address()).toBe("/shopping-cart");
});

test("what is missing is said beside its field, the focus moves to the first, and nothing is sent", async () => {
  const sent = network(noAnswer);
  const { user } = openLogin();
  await user.click(button());
  expect(described(email())).toBe("Enter your e-mail address.");
  expect(described(password())).toBe("Enter your password.");
  expect([email().getAttribute("aria-invalid"), password().getAttribute("aria-invalid")]).toEqual(["true", "true"]);
  expect(document.activeElement).toBe(email());
  await user.type(email(), "a");
  expect([described(email()), email().getAttribute("aria-invalid")]).toEqual(["", null]);
  expect(described(password())).toBe("Enter your password.");
  expect(document.activeElement).toBe(email());
  await user.type(email(), "nn");
  await user.click(button());
  expect(described(email())).toBe("An e-mail address looks like ann@example.com.");
  expect(sent).toEqual([]);
});

test("wrong credentials are said beside the password, and what was typed stays", async () => {
  network(() => problem(401, "Incorrect e-mail or password"));
  const { user, address } = openLogin();
  await user.type(email(), "ann@example.test");
  await user.type(password(), "wrong");
  await user.click(button());
  await waitFor(() => expect(described(password())).toBe("Incorrect e-mail or password. Check both and try again."));
  expect(document.activeElement).toBe(password());
  expect([email().value, password().value, email().getAttribute("aria-invalid")]).toEqual([
    "ann@example.test",
    "wrong",
    null,
  ]);
  expect(address()).toBe("/login");
  expect(session.get().account).toBeNull();
});

test("an e-mail that the API finds malformed is said beside it", async () => {
  network(() => problem(400, "This e-mail is not acceptable"));
  const { user } = openLogin();
  await user.type(email(), "ann@example.4");
  await user.type(password(), "x{Enter}");
  await waitFor(() =>
    expect(described(email())).toBe("This is not an e-mail address. It should look like ann@example.com."),
  );
});

test.each([noAnswer, outage])("an outage keeps what was typed, and the next try goes on", async (fails) => {
  let answer: () => Response = fails;
  network(() => answer());
  const { user, address } = openLogin();
  await user.type(email(), "ann@example.test");
  await user.type(password(), "secret");
  await user.click(button());
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe(
    "The shop can’t be reached right now. What you typed is still here: try again in a moment.",
  );
  expect(document.activeElement).toBe(alert);
  expect([email().value, password().value]).toEqual(["ann@example.test", "secret"]);
  answer = () => json(200, { access_token: tokenOf(ANN) });
  await user.click(button());
  await waitFor(() => expect(address()).toBe("/orders"));
});

test("a double submission is sent once", async () => {
  const answer = later<Response>();
  const sent = network(() => answer.promise);
  const { user, address } = openLogin();
  await user.type(email(), "ann@example.test");
  await user.type(password(), "secret{Enter}{Enter}");
  await user.dblClick(button());
  expect(button().textContent).toBe("Signing in…");
  expect(button().getAttribute("aria-disabled")).toBe("true");
  answer.resolve(json(200, { access_token: tokenOf(ANN) }));
  await waitFor(() => expect(address()).toBe("/orders"));
  expect(sent).toEqual(["POST /api/login"]);
});

test("the password can be looked at", async () => {
  const { user } = openLogin();
  await user.type(password(), "secret");
  await user.click(screen.getByRole("button", { name: "Show password" }));
  expect([password().type, password().value]).toEqual(["text", "secret"]);
  await user.click(screen.getByRole("button", { name: "Hide password" }));
  expect(password().type).toBe("password");
});
