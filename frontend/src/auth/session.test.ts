import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { json, later, network, noAnswer, outage, problem, tokenOf } from "../testing/network";
import type { Account } from "./account";

const ANN: Account = { email: "ann@example.test", role: "user" };
const BEN: Account = { email: "ben@example.test", role: "admin" };
const KEY = "shop.account";

const given = (account: Account, seconds?: number) => json(200, { access_token: tokenOf(account, seconds) });
const textOf = async (answer: Response): Promise<string> => (await answer.clone().json()).access_token;

/** A page that was just loaded, in a browser that remembers `account`. */
async function page(account: Account | null) {
  localStorage.clear();
  if (account) localStorage.setItem(KEY, JSON.stringify(account));
  vi.resetModules();
  return import("./session");
}

/** What the browser tells a page when another tab changed the remembered account. */
function otherTab(account: Account | null) {
  if (account) localStorage.setItem(KEY, JSON.stringify(account));
  else localStorage.removeItem(KEY);
  window.dispatchEvent(new StorageEvent("storage", { key: KEY }));
}

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a page that loads shows the remembered account before anything is asked", async () => {
  const sent = network(noAnswer);
  const { session } = await page(ANN);
  expect(session.get()).toEqual({ account: ANN, ended: false });
  expect(sent).toEqual([]);
});

test("a visitor has no token, and nothing is asked", async () => {
  const sent = network(noAnswer);
  const { accessToken } = await page(null);
  expect(await accessToken()).toBeNull();
  expect(sent).toEqual([]);
});

test("many callers share one refresh, and the token is used until shortly before its end", async () => {
  const answers = [given(ANN, 900), given(ANN, 900)];
  const [first, second] = await Promise.all(answers.map(textOf));
  const sent = network(() => answers.shift() ?? noAnswer());
  const { accessToken } = await page(ANN);
  expect(await Promise.all([accessToken(), accessToken(), accessToken()])).toEqual([first, first, first]);
  expect(sent).toEqual(["POST /api/refresh"]);
  vi.advanceTimersByTime(889_999);
  expect(await accessToken()).toBe(first);
  vi.advanceTimersByTime(1);
  expect(await accessToken()).toBe(second);
  expect(sent).toEqual(["POST /api/refresh", "POST /api/refresh"]);
});

test("many callers share the failure of a refresh, too: nobody waits for as many as there are", async () => {
  const sent = network(outage);
  const { accessToken } = await page(ANN);
  const outcomes = await Promise.allSettled([accessToken(), accessToken(), accessToken()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(sent).toEqual(["POST /api/refresh"]);
});

test("the refused token is renewed; who comes late with it gets the one that is there", async () => {
  const sent = network(() => given(ANN));
  const { accessToken, refresh } = await page(ANN);
  const refused = (await accessToken()) ?? "";
  const renewed = await refresh(refused);
  expect(renewed).not.toBe(refused);
  expect(await refresh(refused)).toBe(renewed);
  expect(sent).toHaveLength(2);
});

test("a session that is over signs out, says so, and is forgotten", async () => {
  network(() => problem(401, "Incorrect token"));
  const { accessToken, session } = await page(ANN);
  localStorage.setItem("shop.cart", "kept");
  expect(await accessToken()).toBeNull();
  expect(session.get()).toEqual({ account: null, ended: true });
  expect(localStorage.getItem(KEY)).toBeNull();
  expect(localStorage.getItem("shop.cart")).toBe("kept");
});

test.each([
  ["nothing answers", noAnswer],
  ["the service is down", outage],
])("%s: the session is not over, and the next try goes on", async (_, fails) => {
  let answer: () => Response = fails;
  network(() => answer());
  const { accessToken, session } = await page(ANN);
  await expect(accessToken()).rejects.toMatchObject({ message: "The shop can't be reached right now." });
  expect(session.get()).toEqual({ account: ANN, ended: false });
  expect(localStorage.getItem(KEY)).toBe(JSON.stringify(ANN));
  answer = () => given(ANN);
  expect(await accessToken()).toMatch(/^e30\./);
});

test("a refresh that is never answered ends after 15 seconds, and holds nobody up for longer", async () => {
  const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(late);
  network(({ signal }) => (signal.aborted ? Promise.reject(signal.reason) : given(ANN)));
  const { accessToken, session } = await page(ANN);
  await expect(accessToken()).rejects.toMatchObject({ message: "The shop can't be reached right now." });
  expect(session.get().account).toEqual(ANN);
  expect(timeout).toHaveBeenCalledWith(15_000);
});

test("a role that changed meanwhile is shown and remembered after the refresh", async () => {
  network(() => given({ ...ANN, role: "admin" }));
  const { accessToken, session } = await page(ANN);
  await accessToken();
  expect(session.get().account).toEqual({ ...ANN, role: "admin" });
  expect(localStorage.getItem(KEY)).toBe(JSON.stringify({ ...ANN, role: "admin" }));
});

test("signing in sends what was typed, remembers who it is, and keeps the token in memory only", async () => {
  const bodies: unknown[] = [];
  const answer = given(BEN);
  const text = await textOf(answer);
  const sent = network(async (request) => {
    bodies.push(await request.json());
    return answer;
  });
  const { accessToken, session, signIn } = await page(null);
  expect(await signIn("ben@example.test", "pass word")).toEqual(BEN);
  expect(bodies).toEqual([{ email: "ben@example.test", password: "pass word" }]);
  expect(session.get()).toEqual({ account: BEN, ended: false });
  expect(await accessToken()).toBe(text);
  expect(sent).toEqual(["POST /api/login"]);
  expect({ ...localStorage }).toEqual({ [KEY]: JSON.stringify(BEN) });
  expect(sessionStorage).toHaveLength(0);
});

test("a refused sign-in says why, and changes nothing", async () => {
  network(() => problem(401, "Incorrect e-mail or password"));
  const { session, signIn } = await page(null);
  await expect(signIn("a@b.c", "x")).rejects.toMatchObject({ status: 401, message: "Incorrect e-mail or password" });
  expect(session.get()).toEqual({ account: null, ended: false });
  expect(localStorage).toHaveLength(0);
});

test("a sign-in waits for the refresh under way: the newer session's cookie is the last to be set", async () => {
  const refreshed = later<Response>();
  const sent = network((request) => (request.url.endsWith("/refresh") ? refreshed.promise : given(BEN)));
  const { accessToken, session, signIn } = await page(ANN);
  const old = accessToken();
  const signedIn = signIn("ben@example.test", "x");
  await vi.waitFor(() => expect(sent).toEqual(["POST /api/refresh"]));
  refreshed.resolve(problem(401, "Incorrect token"));
  expect(await old).toBeNull();
  expect(await signedIn).toEqual(BEN);
  expect(sent).toEqual(["POST /api/refresh", "POST /api/login"]);
  expect(session.get()).toEqual({ account: BEN, ended: false });
});

test("signing out asks the API, and forgets the account; a refresh that waited is not sent", async () => {
  const signedOut = later<Response>();
  const sent = network(() => signedOut.promise);
  const { accessToken, session, signOut } = await page(ANN);
  const leaving = signOut();
  const token = accessToken();
  signedOut.resolve(new Response(null, { status: 204 }));
  await leaving;
  expect(await token).toBeNull();
  expect(sent).toEqual(["POST /api/logout"]);
  expect(session.get()).toEqual({ account: null, ended: false });
  expect(localStorage.getItem(KEY)).toBeNull();
});

test.each([noAnswer, outage])("a sign-out that did not arrive leaves everything as it was", async (fails) => {
  network(fails);
  const { session, signOut } = await page(ANN);
  await expect(signOut()).rejects.toMatchObject({ message: "The shop can't be reached right now." });
  expect(session.get()).toEqual({ account: ANN, ended: false });
  expect(localStorage.getItem(KEY)).toBe(JSON.stringify(ANN));
});

test("another tab's sign-out is followed without a word, and the token is gone", async () => {
  const sent = network(() => given(ANN));
  const { accessToken, session } = await page(ANN);
  await accessToken();
  otherTab(null);
  expect(session.get()).toEqual({ account: null, ended: false });
  expect(await accessToken()).toBeNull();
  otherTab(ANN);
  await accessToken();
  expect(sent).toEqual(["POST /api/refresh", "POST /api/refresh"]);
});

test("another tab's sign-in is followed, with a token of its own", async () => {
  const answers = [given(ANN), given(BEN)];
  const [, ben] = await Promise.all(answers.map(textOf));
  network(() => answers.shift() ?? noAnswer());
  const { accessToken, session } = await page(ANN);
  await accessToken();
  otherTab(BEN);
  expect(session.get()).toEqual({ account: BEN, ended: false });
  expect(await accessToken()).toBe(ben);
});

test("what a refresh brings after another tab signed out is not taken", async () => {
  const refreshed = later<Response>();
  const sent = network(() => refreshed.promise);
  const { accessToken, session } = await page(ANN);
  const token = accessToken();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  otherTab(null);
  refreshed.resolve(given(ANN));
  expect(await token).toBeNull();
  expect(session.get()).toEqual({ account: null, ended: false });
  expect(localStorage.getItem(KEY)).toBeNull();
});

test("a page that the browser had put aside looks at what was remembered meanwhile", async () => {
  network(noAnswer);
  const { session } = await page(ANN);
  localStorage.setItem(KEY, JSON.stringify(BEN));
  window.dispatchEvent(new Event("pageshow"));
  expect(session.get().account).toEqual(BEN);
});

test("what other pages store does not matter", async () => {
  network(noAnswer);
  const { session } = await page(ANN);
  localStorage.removeItem(KEY);
  window.dispatchEvent(new StorageEvent("storage", { key: "shop.cart" }));
  expect(session.get().account).toEqual(ANN);
});
