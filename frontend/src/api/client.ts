/** The client of the API, typed by the gateway's document. */
import createClient from "openapi-fetch";
import { accessToken, refresh } from "../auth/session";
import { API_ADDRESS } from "./address";
import { Refused, Unreachable } from "./problems";
import { isOutage, observedFetch } from "./reachability";
import type { components, paths } from "./schema";

export type Product = components["schemas"]["ProductOut"];
export type Order = components["schemas"]["OrderOut"];

export const client = createClient<paths>({ baseUrl: API_ADDRESS, fetch: send });

/**
 * Send a request, with the session's access token unless it reads what anyone may read: the catalogue is there also
 * while no token can be had. One that is refused as expired is sent once more with a new token.
 * Throws Unreachable if nothing able to answer is there.
 */
export async function send(request: Request): Promise<Response> {
  const token = isPublic(request) ? null : await accessToken();
  if (!token) return attempt(request, null);
  const again = request.clone();
  const answer = await attempt(request, token);
  if (answer.status !== 401) return answer;
  const renewed = await refresh(token);
  return renewed ? attempt(again, renewed) : answer;
}

function isPublic(request: Request): boolean {
  return request.method === "GET" && !request.url.includes("/api/orders");
}

async function attempt(request: Request, token: string | null): Promise<Response> {
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  try {
    const answer = await observedFetch(request);
    if (!isOutage(answer)) return answer;
  } catch (error) {
    if (request.signal.aborted) throw error;
  }
  throw new Unreachable();
}

/** The data of an answer; throws Refused if the API refused. */
export function answered<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Refused(answer.response.status, (answer.error ?? {}) as object);
  return answer.data;
}
