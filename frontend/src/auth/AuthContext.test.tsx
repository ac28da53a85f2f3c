import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { json, later, network, noAnswer, problem, tokenOf } from "../testing/network";
import type { Account } from "./account";

const ADMIN: Account = { email: "admin@example.test", role: "admin" };

function Who({ useAccount, pictures }: { useAccount: () => Account | null; pictures: string[] }) {
  const who = useAccount();
  const text = who ? `${who.email} (${who.role})` : "a visitor";
  pictures.push(text);
  return <p>{text}</p>;
}

/** What a page shows of the account, from its first picture on, in a browser that remembers `account`. */
async function show(account: Account | null) {
  localStorage.clear();
  if (account) localStorage.setItem("shop.account", JSON.stringify(account));
  vi.resetModules();
  const { AuthProvider, useAccount } = await import("./AuthContext");
  const pictures: string[] = [];
  render(
    <StrictMode>
      <AuthProvider>
        <Who useAccount={useAccount} pictures={pictures} />
      </AuthProvider>
    </StrictMode>,
  );
  return { pictures, session: await import("./session") };
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("the remembered account is in the first picture, and stays when the session is restored, with one request", async () => {
  const restored = later<Response>();
  const sent = network(() => restored.promise);
  const { pictures } = await show(ADMIN);
  expect(screen.getByText("admin@example.test (admin)")).toBeTruthy();
  await act(async () => restored.resolve(json(200, { access_token: tokenOf(ADMIN) })));
  expect(new Set(pictures)).toEqual(new Set(["admin@example.test (admin)"]));
  expect(sent).toEqual(["POST /api/refresh"]);
});

test("a visitor is one from the first picture on, and nothing is asked", async () => {
  const sent = network(noAnswer);
  const { pictures } = await show(null);
  expect(new Set(pictures)).toEqual(new Set(["a visitor"]));
  expect(sent).toEqual([]);
});

test("a session that is over is found at the load", async () => {
  const refused = later<Response>();
  network(() => refused.promise);
  const { session } = await show(ADMIN);
  await act(async () => refused.resolve(problem(401, "Incorrect token")));
  await vi.waitFor(() => expect(session.session.get().ended).toBe(true));
  expect(screen.getByText("a visitor")).toBeTruthy();
});

test("who signs in and out is shown at once", async () => {
  network((request) =>
    request.url.endsWith("/login") ? json(200, { access_token: tokenOf(ADMIN) }) : new Response(null, { status: 204 }),
  );
  const { session } = await show(null);
  await act(() => session.signIn(ADMIN.email, "x"));
  expect(screen.getByText("admin@example.test (admin)")).toBeTruthy();
  await act(() => session.signOut());
  expect(screen.getByText("a visitor")).toBeTruthy();
});
