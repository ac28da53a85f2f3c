/**
 * The orders as they change: server-sent events, read with fetch() so that the token travels in a header and never in an
 * address. A stream that ends, fails or falls silent is opened again, from the event where it stopped.
 */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { apiUrl, CREDENTIALS } from "../api/address";
import { type Order, send } from "../api/client";
import { Refused } from "../api/problems";

export interface Follower {
  /** From now on nothing is missed, but what was before is to be asked for. */
  ready: () => void;
  order: (order: Order) => void;
  /** Whether changes come by themselves; while they do not, ask. */
  open: (open: boolean) => void;
}

/** The API sends something every 15 s. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Tell `follower` what happens until `signal` is aborted. */
export async function followOrders(follower: Follower, signal: AbortSignal): Promise<void> {
  const place: Place = { lastId: "", wait: FIRST_WAIT_MS, failures: 0 };
  while (!signal.aborted) {
    let atLeast = 0;
    try {
      await followOnce(place, follower, signal);
    } catch (error) {
      if (error instanceof TooMany) atLeast = error.wait;
    }
    if (signal.aborted) return;
    follower.open(false);
    const wait = Math.min(place.wait * 2 ** place.failures++, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    await pause(Math.max(wait, atLeast), signal);
  }
}

interface Place {
  lastId: string;
  wait: number;
  failures: number;
}

/** As many streams are open as a customer may have. */
class TooMany extends Error {
  readonly wait: number;

  constructor(answer: Response) {
    super("too many streams");
    this.wait = 1000 * (Number(answer.headers.get("Retry-After")) || 15);
  }
}

async function followOnce(place: Place, follower: Follower, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const reader = (await opened(place.lastId, either)).getReader();
    follower.open(true);
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent: (event) => hear(event, place, follower),
      onRetry: (wait) => {
        place.wait = wait;
      },
    });
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      place.failures = 0;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
  }
}

async function opened(lastId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers = { Accept: "text/event-stream", ...(lastId ? { "Last-Event-ID": lastId } : {}) };
  const address = new URL(apiUrl("/orders/events"), location.href);
  const answer = await send(new Request(address, { headers, signal, credentials: CREDENTIALS, cache: "no-store" }));
  if (answer.status === 429) throw new TooMany(answer);
  if (!answer.ok || !answer.body) throw new Refused(answer.status, {});
  return answer.body;
}

function hear({ event, id, data }: EventSourceMessage, place: Place, follower: Follower): void {
  if (id) place.lastId = id;
  if (event === "ready") follower.ready();
  if (event === "order") follower.order(JSON.parse(data));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
