import type { components } from "./schema";

type Described = components["schemas"]["Problem"];

/** The API refused the request: `status` and `message` are its own, `fields` the places that do not fit. */
export class Refused extends Error {
  readonly status: number;
  readonly fields: { pointer: string; detail: string }[];

  constructor(status: number, problem: Partial<Described>) {
    super(problem.detail ?? "The shop did not understand this request.");
    this.status = status;
    this.fields = (problem.errors ?? []).map((e) => ({ pointer: e.pointer ?? "", detail: e.detail ?? "" }));
  }
}

/** The API did not answer, or is not able to now: the same request may work later. */
export class Unreachable extends Error {
  constructor() {
    super("The shop can't be reached right now.");
  }
}

/** Whether the same request may succeed if it is sent again. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable;
}
