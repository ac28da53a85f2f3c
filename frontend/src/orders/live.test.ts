/** Against a real server that speaks server-sent events, over the network. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Window } from "happy-dom";
import { afterEach, expect, test, vi } from "vitest";
import type { Order } from "../api/client";
import { followOrders } from "./live";

const ORDER: Order = {
  id: "6b04abb3ef89b7c376175573",
  status: "ACCEPTED",
  cost: 59.98,
  products: [{ name: "chair", price: 29.99, quantity: 2 }],
  created_at: "2026-11-23T21:10:11.707000Z",
  lacking: null,
};

type Answer = (response: ServerResponse) => void;

let server: Server;
const followers: AbortController[] = [];

/** A server that answers the first request with the first of `answers` and so on; returns what was asked. */
async function listen(...answers: Answer[]): Promise<IncomingMessage[]> {
  const asked: IncomingMessage[] = [];
  server = createServer((request, response) => {
    asked.push(request);
    (answers[asked.length - 1] ?? (() => undefined))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  (window as unknown as Window).happyDOM.setURL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`);
  return asked;
}

const stream =
  (...parts: string[]): Answer =>
  (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    for (const part of parts) response.write(part);
  };

const orderEvent = (id: string, order = ORDER) => `event: order\nid: ${id}\ndata: ${JSON.stringify(order)}\n\n`;

/** Everything a follower is told, in order. */
function follow(): unknown[] {
  const told: unknown[] = [];
  const following = new AbortController();
  followers.push(following);
  void followOrders(
    {
      ready: () => told.push("ready"),
      order: (order) => told.push(order),
      open: (open) => told.push(open ? "open" : "closed"),
    },
    following.signal,
  );
  return told;
}

afterEach(() => {
  vi.useRealTimers();
  for (const following of followers.splice(0)) following.abort();
  server.closeAllConnections();
  server.close();
});

test("events are told as they come, however they are cut in pieces", async () => {
  const event = orderEvent("1");
  const asked = await listen((response) => {
    stream("retry: 2000\n\nevent: re", "ady\ndata:\n\n", ": here\n\n", event.slice(0, 40))(response);
    setTimeout(() => response.write(event.slice(40)), 20);
  });
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["open", "ready", ORDER]));
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /api/orders/events"]);
  expect(asked[0]?.headers).toMatchObject({ accept: "text/event-stream" });
  expect(asked[0]?.headers).not.toHaveProperty("last-event-id");
});

test("a stream that ends is opened again where it stopped", async () => {
  const other = { ...ORDER, id: "6b04abb3ef89b7c376175574" };
  const asked = await listen(
    (response) => response.writeHead(200).end(`retry: 20\n\nevent: ready\ndata:\n\n${orderEvent("7")}`),
    (response) => response.writeHead(200).end(orderEvent("8", other)),
    stream(),
  );
  const told = follow();
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  await vi.waitFor(() => expect(told).toEqual(["open", "ready", ORDER, "closed", "open", other, "closed", "open"]));
  expect(asked.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "7", "8"]);
});

test("a connection that breaks is opened again", async () => {
  const asked = await listen((response) => {
    response.writeHead(200).write("retry: 20\n\nevent: ready\ndata:\n\n");
    setTimeout(() => response.destroy(), 50);
  }, stream("event: ready\ndata:\n\n"));
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["open", "ready", "closed", "open", "ready"]));
  expect(asked).toHaveLength(2);
});

test.each([500, 503, 404])(
  "after a refusal (%i) the page has to ask, and the stream is tried again",
  async (status) => {
    const asked = await listen((response) => response.writeHead(status).end(), stream());
    const told = follow();
    await vi.waitFor(() => expect(told).toEqual(["closed", "open"]), 3000);
    expect(asked).toHaveLength(2);
  },
);

test("too many streams: the page has to ask, and tries again no earlier than told", async () => {
  const times: number[] = [];
  const tooMany: Answer = (response) => {
    times.push(performance.now());
    response.writeHead(429, { "Retry-After": "2" }).end();
  };
  await listen(tooMany, (response) => {
    times.push(performance.now());
    stream()(response);
  });
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["closed"]));
  await vi.waitFor(() => expect(told).toEqual(["closed", "open"]), 4000);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1990);
});

test("a stream that fell silent is given up after 40 s, and opened again where it stopped", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const asked = await listen(stream(orderEvent("7")), stream());
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["open", ORDER]));
  await vi.advanceTimersByTimeAsync(39_000);
  expect(told).toEqual(["open", ORDER]);
  await vi.advanceTimersByTimeAsync(1000);
  await vi.waitFor(() => expect(told).toEqual(["open", ORDER, "closed", "open"]));
  expect(asked[1]?.headers["last-event-id"]).toBe("7");
});

test("a heartbeat keeps a stream, however long nothing else is told", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let heartbeat: () => void = () => undefined;
  const asked = await listen((response) => {
    heartbeat = () => response.write(": \n\n");
    stream()(response);
  });
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["open"]));
  for (let n = 0; n < 10; n++) {
    heartbeat();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await vi.advanceTimersByTimeAsync(15_000);
  }
  expect(told).toEqual(["open"]);
  expect(asked).toHaveLength(1);
});

test("who stops following closes the connection and asks no more", async () => {
  let closed = false;
  const asked = await listen((response) => {
    response.on("close", () => {
      closed = true;
    });
    stream("retry: 20\n\n")(response);
  });
  const told = follow();
  await vi.waitFor(() => expect(told).toEqual(["open"]));
  for (const following of followers) following.abort();
  await vi.waitFor(() => expect(closed).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told).toEqual(["open"]);
  expect(asked).toHaveLength(1);
});
