import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "../auth/session";
import { json, later, noAnswer, outage, problem } from "../testing/network";
import { ANN, LAMP, ORDER, shop } from "../testing/shop";
import { add, emptyCart } from "./cart";
import { place } from "./placing";

const cart = () => add(emptyCart(), LAMP, 2);
const BODY = { products: [{ name: "desk lamp", quantity: 2 }] };

beforeEach(() => {
  session.set({ account: ANN, ended: false });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What a promise comes to, however long it waits between its tries. */
async function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  const settled = promise.catch((error: Error) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  return settled;
}

test("an order is sent with the names and numbers of the cart, and the cart's key", async () => {
  const { posted } = shop(
    () => LAMP,
    () => json(201, ORDER),
  );
  const wanted = cart();
  expect(await outcome(place(wanted))).toEqual(ORDER);
  expect(posted).toEqual([{ key: wanted.key, body: BODY }]);
});

test("the same cart asked twice at once is sent once, and both get the order", async () => {
  const { posted } = shop(
    () => LAMP,
    () => json(201, ORDER),
  );
  const wanted = cart();
  const [one, two] = await Promise.all([outcome(place(wanted)), outcome(place(wanted))]);
  expect([one, two]).toEqual([ORDER, ORDER]);
  expect(posted).toHaveLength(1);
});

test.each([
  ["no answer", noAnswer],
  ["an outage", outage],
  ["an error of the shop", () => problem(500, "Internal Server Error")],
])("%s: the same is sent again with the same key", async (_, fails) => {
  const { posted } = shop(
    () => LAMP,
    (_, number) => (number < 3 ? fails() : json(201, ORDER)),
  );
  const wanted = cart();
  expect(await outcome(place(wanted))).toEqual(ORDER);
  expect(posted).toEqual(Array(3).fill({ key: wanted.key, body: BODY }));
});

test("an answer that breaks off in its middle is asked for again", async () => {
  const cut = () =>
    new Response(new ReadableStream({ start: (c) => c.error(new TypeError("network error")) }), { status: 201 });
  const { posted } = shop(
    () => LAMP,
    (_, number) => (number === 1 ? cut() : json(201, ORDER)),
  );
  expect(await outcome(place(cart()))).toEqual(ORDER);
  expect(posted).toHaveLength(2);
});

test("after four tries the failure is told, and asking again sends the same key", async () => {
  const { posted } = shop(
    () => LAMP,
    (_, number) => (number < 5 ? noAnswer() : json(201, ORDER)),
  );
  const wanted = cart();
  expect(await outcome(place(wanted))).toMatchObject({ message: "The shop can't be reached right now." });
  expect(posted).toHaveLength(4);
  expect(await outcome(place(wanted))).toEqual(ORDER);
  expect(new Set(posted.map(({ key }) => key))).toEqual(new Set([wanted.key]));
});

test.each([400, 401, 404, 422])("a refusal (%i) is final", async (status) => {
  const { posted } = shop(
    () => LAMP,
    () => problem(status, "no"),
  );
  expect(await outcome(place(cart()))).toMatchObject({ status, message: "no" });
  // One that is refused as expired is sent once more, with a new token.
  expect(posted).toHaveLength(status === 401 ? 2 : 1);
});

test("another cart does not wait for the first", async () => {
  const first = later<Response>();
  const { posted } = shop(
    () => LAMP,
    (_, number) => (number === 1 ? (first.promise as never) : json(201, { ...ORDER, id: "second" })),
  );
  const one = place(cart());
  await vi.advanceTimersByTimeAsync(10);
  expect(await outcome(place(cart()))).toMatchObject({ id: "second" });
  first.resolve(json(201, ORDER));
  expect(await outcome(one)).toEqual(ORDER);
  expect(posted).toHaveLength(2);
});
