/**
 * The session of this browser. The access token lives in this module's memory only; the refresh token in an HttpOnly
 * cookie that no script can read. localStorage keeps the account's name and role, so that a page that loads shows at
 * once what it will show when the session is restored, and so that the other tabs follow.
 *
 * What sets the cookie (sign-in, refresh, sign-out) goes one after another, or the answer to an older request could
 * put an older session's cookie over a newer one's.
 */
import { inTurn } from "../lib/inTurn";
import { store, stored } from "../lib/storage";
import { createStore } from "../lib/store";
import { type Account, asAccount, readToken, sameAccount } from "./account";
import { askSession, refusal } from "./requests";

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
/** Rises when another tab signs in or out: what a request of before brings is no longer wanted. */
let turn = 0;

window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) follow();
});
// A page that the browser had put aside heard nothing meanwhile.
window.addEventListener("pageshow", follow);

function follow(): void {
  const account = asAccount(stored(KEY));
  if (sameAccount(account, session.get().account)) return;
  turn += 1;
  token = null;
  session.set({ account, ended: false });
}

/** A token to send, renewed if need be; null if nobody is signed in. Throws Unreachable. */
export async function accessToken(): Promise<string | null> {
  return session.get().account ? (goodToken() ?? refresh()) : null;
}

/**
 * A token other than `refused`, which the API did not take; null if the session is over. Many callers share one
 * request. Throws Unreachable, and then the session is not over.
 */
export function refresh(refused?: string): Promise<string | null> {
  refreshing ??= inTurn(() => renew(refused)).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Throws Refused or Unreachable. */
export function signIn(email: string, password: string): Promise<Account> {
  return inTurn(async () => {
    const answer = await askSession("/login", { email, password });
    if (!answer.ok) throw await refusal(answer);
    return keep((await answer.json()).access_token).account;
  });
}

/** Throws Unreachable, and then the session is not over: its cookie is still there. */
export function signOut(): Promise<void> {
  return inTurn(async () => {
    const answer = await askSession("/logout");
    if (!answer.ok) throw await refusal(answer);
    end(NOBODY);
  });
}

async function renew(refused?: string): Promise<string | null> {
  if (!session.get().account) return null;
  const there = goodToken();
  if (there && there !== refused) return there;
  const began = turn;
  const answer = await askSession("/refresh");
  if (turn !== began) return renew(refused);
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
  if (!sameAccount(account, session.get().account)) {
    store(KEY, account);
    session.set({ account, ended: false });
  }
  return { account, text };
}

function end(how: Session): void {
  token = null;
  store(KEY, null);
  session.set(how);
}
