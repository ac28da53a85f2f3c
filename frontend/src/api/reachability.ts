import { createStore } from "../lib/store";

/** Whether every part of the API answered when it was last asked. */
export const reachable = createStore(true);

/** The parts that did not, by the first word of their paths: one that answers does not speak for the others. */
const silent = new Set<string>();

/** Statuses of what stands in front of the services, or of a service whose own parts are down. */
const OUTAGES = new Set([502, 503, 504]);

/** fetch() that notes whether the API is there. Throws what fetch() throws: a TypeError if nothing answers. */
export async function observedFetch(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    note(request, !isOutage(answer));
    return answer;
  } catch (error) {
    if ((error as Error).name !== "AbortError") note(request, false);
    throw error;
  }
}

function note({ url }: Request, answers: boolean): void {
  const part = url.split("/api/")[1]?.split(/[/?]/)[0] ?? "";
  // The API's health is that of all its parts, and one that is down is not known to be one that the page asked.
  if (part === "health") {
    if (answers) silent.clear();
  } else if (answers) silent.delete(part);
  else silent.add(part);
  reachable.set(silent.size === 0);
}

export function isOutage(answer: Response): boolean {
  return OUTAGES.has(answer.status);
}
