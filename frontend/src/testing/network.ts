/** The network's edge, for tests: what leaves the page is answered here. */
import { vi } from "vitest";
import type { Account } from "../auth/account";

type Answer = Response | Promise<Response>;

/** Have `answer` answer every request; returns what was sent, as "METHOD /path". */
export function network(answer: (request: Request) => Answer): string[] {
  const sent: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname}`);
    return answer(request);
  });
  return sent;
}

export function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

/** An error as the API tells it. */
export function problem(status: number, detail: string, errors?: { pointer: string; detail: string }[]): Response {
  return json(status, { type: "about:blank", title: "", status, detail, ...(errors ? { errors } : {}) });
}

export const outage = () => problem(503, "Service unavailable!");

/** What fetch() throws when nothing answers. */
export function noAnswer(): never {
  throw new TypeError("Failed to fetch");
}

let serial = 0;

/** An access token of `account`; no two are alike. */
export function tokenOf(account: Account, seconds = 900): string {
  const claims = { ...account, exp: 1_700_000_000 + seconds, iat: 1_700_000_000, serial: ++serial };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

/** A promise, and what settles it. */
export function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}
