import { afterEach, expect, test, vi } from "vitest";
import type { Account } from "../auth/account";
import { json, later, network, noAnswer, outage, problem, tokenOf } from "../testing/network";

const ANN: Account = { email: "ann@example.test", role: "user" };

/** The client of a page in a browser that remembers `account`. */
async function page(account: Account | null) {
  localStorage.clear();
  if (account) localStorage.setItem("shop.account", JSON.stringify(account));
  vi.resetModules();
  return { ...(await import("./client")), ...(await import("../auth/session")), ...(await import("./reachability")) };
}

const bearer = (request: Request) => request.headers.get("Authorization");

/** An API that takes only the newest token, as if all others had expired. */
function strictApi(answer: (request: Request) => Response) {
  const given: string[] = [];
  const sent = network((request) => {
    if (request.url.endsWith("/refresh")) {
      given.push(tokenOf(ANN));
      return json(200, { access_token: given.at(-1) });
    }
    return bearer(request) === `Bearer ${given.at(-1)}` ? answer(request) : problem(401, "Token expired");
  });
  return { sent, given };
}

afterEach(() => vi.unstubAllGlobals());

test("the catalogue is read without a token, also while none can be had", async () => {
  const tokens: unknown[] = [];
  const sent = network((request) => {
    tokens.push(bearer(request));
    return request.url.endsWith("/refresh") ? outage() : json(200, { products: [], next: null });
  });
  const { client, answered } = await page(ANN);
  expect(answered(await client.GET("/api/products"))).toEqual({ products: [], next: null });
  expect(sent).toEqual(["GET /api/products"]);
  expect(tokens).toEqual([null]);
});

test("the orders are asked for with the session's token", async () => {
  const { sent, given } = strictApi((request) => json(200, { orders: [bearer(request)] }));
  const { client } = await page(ANN);
  expect((await client.GET("/api/orders")).data).toEqual({ orders: [`Bearer ${given[0]}`] });
  expect(sent).toEqual(["POST /api/refresh", "GET /api/orders"]);
});

test("a visitor's request goes without a token, and its refusal is told", async () => {
  const sent = network(() => problem(401, "You have no access to this resource!"));
  const { client, answered } = await page(null);
  const answer = await client.GET("/api/orders");
  expect(() => answered(answer)).toThrow("You have no access to this resource!");
  expect(sent).toEqual(["GET /api/orders"]);
});

test("many requests with an expired token refresh once, and each is sent once more with its body", async () => {
  const bodies: unknown[] = [];
  const { sent, given } = strictApi(() => json(200, { orders: [] }));
  const { client, accessToken } = await page(ANN);
  await accessToken();
  given.push("the one that the page has is expired");
  const slow = later<void>();
  const fast = globalThis.fetch;
  // The last of the refusals arrives when the refresh is long over.
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "POST" && request.url.endsWith("/orders")) bodies.push(await request.json());
    const answer = await fast(request);
    if (request.headers.has("x-late") && answer.status === 401) await slow.promise;
    return answer;
  });
  const late = client.GET("/api/orders", { headers: { "x-late": "1" } });
  const order = { products: [{ name: "lamp", quantity: 2 }] };
  const answers = await Promise.all([
    client.GET("/api/orders"),
    client.POST("/api/orders", { body: order }),
    client.GET("/api/orders"),
  ]);
  slow.resolve();
  answers.push(await late);
  expect(answers.map((answer) => answer.response.status)).toEqual([200, 200, 200, 200]);
  expect(sent.filter((line) => line.endsWith("/refresh"))).toHaveLength(2);
  expect(bodies).toEqual([order, order]);
});

test("a new token that is refused, too, is not renewed for ever", async () => {
  const sent = network((request) =>
    request.url.endsWith("/refresh") ? json(200, { access_token: tokenOf(ANN) }) : problem(401, "Incorrect token"),
  );
  const { client } = await page(ANN);
  expect((await client.GET("/api/orders")).response.status).toBe(401);
  expect(sent).toEqual(["POST /api/refresh", "GET /api/orders", "POST /api/refresh", "GET /api/orders"]);
});

test("when the session is over, the refusal stands and nothing is sent again", async () => {
  const sent = network((request) =>
    request.url.endsWith("/refresh") ? problem(401, "Incorrect token") : problem(401, "no"),
  );
  const { client, session } = await page(ANN);
  expect((await client.GET("/api/orders")).response.status).toBe(401);
  expect(sent).toEqual(["POST /api/refresh", "GET /api/orders"]);
  expect(session.get()).toEqual({ account: null, ended: true });
});

test.each([noAnswer, outage, () => new Response("", { status: 502 }), () => new Response("", { status: 504 })])(
  "an API that is not there is Unreachable, and noted",
  async (fails) => {
    network(fails);
    const { client, reachable } = await page(null);
    await expect(client.GET("/api/categories")).rejects.toMatchObject({
      message: "The shop can't be reached right now.",
    });
    expect(reachable.get()).toBe(false);
    network(() => json(200, { categories: [] }));
    await client.GET("/api/categories");
    expect(reachable.get()).toBe(true);
  },
);

test("a page that no longer wants the answer says nothing about the API", async () => {
  network((request) => Promise.reject(request.signal.reason));
  const { client, reachable } = await page(null);
  const signal = AbortSignal.abort();
  await expect(client.GET("/api/categories", { signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(reachable.get()).toBe(true);
});

test("a refusal carries the API's status, text and places", async () => {
  const places = [{ pointer: "/product/price", detail: "too much" }];
  network(() => problem(422, "body/product/price: too much", places));
  const { client, answered } = await page(null);
  const answer = await client.GET("/api/products");
  expect(() => answered(answer)).toThrow(
    expect.objectContaining({ status: 422, message: "body/product/price: too much", fields: places }),
  );
});
