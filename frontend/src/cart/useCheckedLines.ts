import { useQueries } from "@tanstack/react-query";
import { Refused } from "../api/problems";
import { productQuery } from "../api/queries";
import type { CartLine } from "./cart";
import { type CheckedLine, checked } from "./check";

const LOOK_AGAIN_MS = 30_000;

/** The lines beside their products, which are asked now, every half minute, and when the shopper comes back. */
export function useCheckedLines(lines: readonly CartLine[]): CheckedLine[] {
  return useQueries({
    queries: lines.map((line) => ({
      ...productQuery(line.slug),
      refetchInterval: LOOK_AGAIN_MS,
      refetchOnWindowFocus: "always" as const,
    })),
    combine: (answers) =>
      lines.map((line, index) => {
        const { data, error, isPending = true } = answers[index] ?? {};
        if (error instanceof Refused && error.status === 404) return checked(line, null);
        return checked(line, isPending ? "asking" : data);
      }),
  });
}
