import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Order } from "../api/client";
import { orderNumber } from "../lib/format";
import { notify } from "../lib/notices";

/** Tells when an order that was seen PENDING is decided, and has the products asked anew: their stock changed. */
export function useSettled(orders: readonly Order[]): void {
  const queries = useQueryClient();
  const pending = useRef(new Set<string>());
  useEffect(() => {
    const settled = orders.filter((order) => order.status !== "PENDING" && pending.current.has(order.id));
    pending.current = new Set(orders.filter((order) => order.status === "PENDING").map((order) => order.id));
    for (const order of settled) notify(`Order ${orderNumber(order.id)} was ${order.status.toLowerCase()}.`);
    if (settled.length === 0) return;
    void queries.invalidateQueries({ queryKey: ["products"] });
    void queries.invalidateQueries({ queryKey: ["product"] });
  }, [orders, queries]);
}
