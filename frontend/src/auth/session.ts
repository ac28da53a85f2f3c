/**
 * The session of this browser. The access token lives in this module's memory only; the refresh token in an HttpOnly
 * cookie that no script can read. localStorage keeps the account's name and role, so that a page that loads shows at
 * once what it will show when the session is restored.
 */
import { apiUrl, CREDENTIALS } from "../api/address";
import { Refused, Unreachable } from "../api/problems";
import { isOutage, observedFetch } from "../api/reachability";
import { store, stored } from "../lib/storage";
import { createStore } from "../lib/store";
import { type Account, asAccount, readToken } from "./account";

/** `ended` says that the session was over without being asked: it ran out, or was ended elsewhere. */
export interface Session {
  account: Account | null;
  ended: boolean;
}

const KEY = "shop.account";
/** A token this close to its end is renewed before it is used. */
const MARGIN_MS = 10_000;
const NOBODY: Session = { account: null, ended: false };

export const session = createStore<Session>({ account: asAccount(stored(KEY)), ended: false });

let token: { text: string; goodUntil: number } | null = null;
let refreshing: Promise<string | null> | null = null;
/** Rises with every sign-in and sign-out: what an older request brings is no longer wanted. */
let turn = 0;

const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("shop-session");
tabs?.addEventListener("message", () => {
  const account = asAccount(stored(KEY));
  if (account?.email === session.get().account?.email && account?.role === session.get().account?.role) return;
  turn += 1;
  token = null;
  session.set({ account, ended: false });
});

/** A token to send, renewed if need be; null if nobody is signed in. Throws Unreachable. */
export async function accessToken(): Promise<string | null> {
  return session.get().account ? (goodToken() ?? refresh()) : null;
}

/** A new token; null if the session is over. Many callers at once share one request. Throws Unreachable. */
export function refresh(): Promise<string | null> {
  refreshing ??= renew().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Throws Refused or Unreachable. */
export async function signIn(email: string, password: string): Promise<Account> {
  const answer = await post("/login", { email, password });
  if (!answer.ok) throw await refusal(answer);
  turn += 1;
  return keep((await answer.json()).access_token).account;
}

/** Throws Unreachable, and then the session is not over: its cookie is still there. */
export async function signOut(): Promise<void> {
  const answer = await post("/logout");
  if (!answer.ok) throw await refusal(answer);
  end(NOBODY);
}

async function renew(): Promise<string | null> {
  const began = turn;
  const answer = await post("/refresh");
  if (turn !== began) return session.get().account ? (goodToken() ?? renew()) : null;
  if (answer.status === 401) {
    end({ account: null, ended: true });
    return null;
  }
  if (!answer.ok) throw await refusal(answer);
  return keep((await answer.json()).access_token).text;
}

function goodToken(): string | null {
  return token && performance.now() < token.goodUntil ? token.text : null;
}

function keep(text: string): { account: Account; text: string } {
  const { account, lifetime } = readToken(text);
  token = { text, goodUntil: performance.now() + lifetime - MARGIN_MS };
  const before = session.get().account;
  if (before?.email !== account.email || before.role !== account.role) {
    store(KEY, account);
    session.set({ account, ended: false });
    tabs?.postMessage("changed");
  }
  return { account, text };
}

function end(how: Session): void {
  turn += 1;
  token = null;
  store(KEY, null);
  session.set(how);
  tabs?.postMessage("changed");
}

async function post(path: string, body?: object): Promise<Response> {
  const request = new Request(new URL(apiUrl(path), location.href), {
    method: "POST",
    credentials: CREDENTIALS,
    ...(body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}),
  });
  try {
    return await observedFetch(request);
  } catch {
    throw new Unreachable();
  }
}

async function refusal(answer: Response): Promise<Error> {
  if (isOutage(answer)) return new Unreachable();
  return new Refused(answer.status, await answer.json().catch(() => ({})));
}
