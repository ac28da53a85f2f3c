import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ordersQuery } from "../api/queries";
import { followOrders } from "./live";
import { merged } from "./merge";

/**
 * Keeps the orders of `email` up to date while the page is seen: a browser opens few connections to a server, and a
 * hidden tab needs none. True while changes come by themselves, false while they do not, undefined before it is known.
 */
export function useLiveOrders(email: string): boolean | undefined {
  const queries = useQueryClient();
  const [live, setLive] = useState<boolean>();
  useEffect(() => {
    const { queryKey } = ordersQuery(email);
    let following: AbortController | null = null;
    function follow() {
      following?.abort();
      following = null;
      if (document.hidden) return setLive(undefined);
      following = new AbortController();
      void followOrders(
        {
          ready: () => void queries.invalidateQueries({ queryKey }),
          order: (order) => queries.setQueryData(queryKey, (known) => merged(known ?? [], [order])),
          open: setLive,
        },
        following.signal,
      );
    }
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      following?.abort();
    };
  }, [email, queries]);
  return live;
}
