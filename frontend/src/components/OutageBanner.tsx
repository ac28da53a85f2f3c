import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { client } from "../api/client";
import { reachable } from "../api/reachability";

const PROBE_MS = 3000;

/** Says that the API is unreachable, asks until it is there again, and then has the page ask anew what failed. */
export function OutageBanner() {
  const there = useSyncExternalStore(reachable.subscribe, reachable.get);
  const queries = useQueryClient();
  useEffect(() => {
    if (there) {
      void queries.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
      return;
    }
    const probe = setInterval(() => void client.GET("/api/health").catch(() => undefined), PROBE_MS);
    return () => clearInterval(probe);
  }, [there, queries]);
  return (
    <div role="status" aria-live="polite">
      {there || (
        <p className="outage-banner">
          We can’t reach the shop right now. Your cart is safe, and this page goes on by itself.
        </p>
      )}
    </div>
  );
}
