import { expect, test } from "vitest";
import { tokenOf } from "../testing/network";
import { asAccount, readToken, sameAccount } from "./account";

test("a token says whose it is and how long it lives, by the server's clock alone", () => {
  expect(readToken(tokenOf({ email: "zoë@example.test", role: "admin" }, 900))).toEqual({
    account: { email: "zoë@example.test", role: "admin" },
    lifetime: 900_000,
  });
});

test("the bytes that base64url writes differently are read", () => {
  const account = { email: "a?~~>>??þÿ@example.test", role: "user" } as const;
  expect(tokenOf(account)).toMatch(/[-_]/);
  expect(readToken(tokenOf(account)).account).toEqual(account);
});

test("a token without a start counts as over, so that it is renewed before each use", () => {
  const claims = Buffer.from(JSON.stringify({ email: "a@b.c", role: "user", exp: 5 })).toString("base64url");
  expect(readToken(`e30.${claims}.x`).lifetime).toBe(0);
});

test.each(["", "a.b.c", `e30.${btoa('{"email":"a@b.c","role":"root","exp":1}')}.x`])("%o is no token", (text) => {
  expect(() => readToken(text)).toThrow();
});

test.each([null, "a@b.c", {}, { email: "a@b.c" }, { email: 1, role: "user" }, { email: "a@b.c", role: "owner" }])(
  "%o is no account",
  (value) => {
    expect(asAccount(value)).toBeNull();
  },
);

test("of an account only the name and the role are kept", () => {
  expect(asAccount({ email: "a@b.c", role: "user", password: "x" })).toEqual({ email: "a@b.c", role: "user" });
});

test("accounts are the same if name and role are", () => {
  const user = { email: "a@b.c", role: "user" } as const;
  expect(sameAccount(user, { ...user })).toBe(true);
  expect(sameAccount(user, { ...user, role: "admin" })).toBe(false);
  expect(sameAccount(user, null)).toBe(false);
  expect(sameAccount(null, null)).toBe(true);
});
