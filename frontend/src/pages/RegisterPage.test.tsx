import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { session } from "../auth/session";
import { json, network, noAnswer, outage, problem } from "../testing/network";
import { open } from "../testing/pages";
import { LoginPage } from "./LoginPage";
import { RegisterPage } from "./RegisterPage";

const email = () => screen.getByLabelText<HTMLInputElement>("E-mail");
const password = () => screen.getByLabelText<HTMLInputElement>("Password");
const button = () => screen.getByRole("button", { name: "Create the account" });
const errorOf = (field: HTMLElement) =>
  document.getElementById(field.getAttribute("aria-describedby")?.split(" ")[0] ?? "")?.textContent;

const openRegister = (at = "/register") => open(at, { "/register": <RegisterPage />, "/login": <LoginPage /> });

afterEach(() => {
  cleanup();
  act(() => session.set({ account: null, ended: false }));
  vi.unstubAllGlobals();
});

test.each([
  ["/register", "/login"],
  ["/register?then=%2Fshopping-cart", "/login?then=%2Fshopping-cart"],
])("%s leads to %s, with the e-mail filled in and a notice", async (at, leadsTo) => {
  const bodies: unknown[] = [];
  const sent = network(async (request) => {
    bodies.push(await request.json());
    return json(201, { email: "ann@example.test", role: "user" });
  });
  const { user, address } = openRegister(at);
  expect(password().autocomplete).toBe("new-password");
  await user.type(email(), "ann@example.test");
  await user.type(password(), "four plain words");
  await user.click(button());
  await waitFor(() => expect(address()).toBe(leadsTo));
  expect(await screen.findByText("Your account is ready. Sign in to go on.")).toBeTruthy();
  expect([email().value, password().value]).toEqual(["ann@example.test", ""]);
  expect(sent).toEqual(["POST /api/register"]);
  expect(bodies).toEqual([{ email: "ann@example.test", password: "four plain words" }]);
  expect(session.get().account).toBeNull();
});

test("what does not fit is said beside its field, and nothing is sent", async () => {
  const sent = network(noAnswer);
  const { user } = openRegister();
  await user.click(button());
  expect([errorOf(email()), errorOf(password())]).toEqual(["Enter your e-mail address.", "Choose a password."]);
  await user.type(email(), "ann@example.test");
  await user.type(password(), "7 chars");
  await user.click(button());
  expect(errorOf(password())).toBe("Choose a password of at least 8 characters.");
  expect(document.activeElement).toBe(password());
  expect(email().getAttribute("aria-invalid")).toBeNull();
  expect(sent).toEqual([]);
});

test("an e-mail that is refused is explained beside it, with a way to sign in that leads where this one would", async () => {
  network(() => problem(400, "This e-mail is not acceptable"));
  const { user, address } = openRegister("/register?then=%2Fshopping-cart");
  await user.type(email(), "ann@example.test");
  await user.type(password(), "four plain words{Enter}");
  await waitFor(() =>
    expect(errorOf(email())).toBe(
      "This e-mail can’t be used: it is misspelt, or it has an account already. Is it yours? Then sign in.",
    ),
  );
  expect(document.activeElement).toBe(email());
  await user.click(screen.getByRole("link", { name: "sign in" }));
  expect(address()).toBe("/login?then=%2Fshopping-cart");
});

test("an outage keeps what was typed", async () => {
  network(outage);
  const { user } = openRegister();
  await user.type(email(), "ann@example.test");
  await user.type(password(), "four plain words{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe(
    "The shop can’t be reached right now. What you typed is still here: try again in a moment.",
  );
  expect([email().value, password().value]).toEqual(["ann@example.test", "four plain words"]);
});
