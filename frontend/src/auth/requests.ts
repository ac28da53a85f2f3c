/** The requests that the session's cookie goes with. */
import { apiUrl, CREDENTIALS } from "../api/address";
import { Refused, Unreachable } from "../api/problems";
import { isOutage, observedFetch } from "../api/reachability";

/** They hold each other up, so none may take for ever. */
const PATIENCE_MS = 15_000;

/** Throws Unreachable if nothing answers. */
export async function askSession(path: "/login" | "/refresh" | "/logout", body?: object): Promise<Response> {
  const request = new Request(new URL(apiUrl(path), location.href), {
    method: "POST",
    credentials: CREDENTIALS,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}),
  });
  try {
    return await observedFetch(request);
  } catch {
    throw new Unreachable();
  }
}

/** The error that an answer which is not ok stands for. */
export async function refusal(answer: Response): Promise<Error> {
  if (isOutage(answer)) return new Unreachable();
  return new Refused(answer.status, await answer.json().catch(() => ({})));
}
