import { createStore } from "../lib/store";

/** Whether the API answered when it was last asked. */
export const reachable = createStore(true);

/** Statuses of what stands in front of the services, or of a service whose own parts are down. */
const OUTAGES = new Set([502, 503, 504]);

/** fetch() that notes whether the API is there. Throws what fetch() throws: a TypeError if nothing answers. */
export async function observedFetch(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    reachable.set(!OUTAGES.has(answer.status));
    return answer;
  } catch (error) {
    if ((error as Error).name !== "AbortError") reachable.set(false);
    throw error;
  }
}

export function isOutage(answer: Response): boolean {
  return OUTAGES.has(answer.status);
}
