import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Order } from "../api/client";
import { ordersQuery } from "../api/queries";
import { EmptyState } from "../components/EmptyState";
import { Trouble } from "../components/Trouble";
import { LiveSign } from "./LiveSign";
import { OrderCard, OrderCardSkeletons } from "./OrderCard";
import { useLiveOrders } from "./useLiveOrders";
import { useSettled } from "./useSettled";

const PAGE = 10;
const NONE: Order[] = [];
const SOON_MS = 2000;
const LATER_MS = 15_000;

/** The orders of one account, and how they change. */
export function Orders({ email }: { email: string }) {
  const live = useLiveOrders(email);
  const [most, setMost] = useState(PAGE);
  const { data, error, refetch } = useQuery({
    ...ordersQuery(email),
    refetchInterval: ({ state }) =>
      live ? false : state.data?.some(({ status }) => status === "PENDING") ? SOON_MS : LATER_MS,
  });
  const orders = data ?? NONE;
  useSettled(orders);
  if (!data && error) return <Trouble error={error} what="Your orders" retry={() => void refetch()} />;
  if (!data) return <OrderCardSkeletons />;
  if (orders.length === 0) {
    return (
      <EmptyState title="No orders yet" text="What you order is shown here, from the first moment on.">
        <Link className="btn btn-primary" to="/products">
          Look around
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      <LiveSign live={live} />
      <ol className="orders">
        {orders.slice(0, most).map((order) => (
          <li key={order.id}>
            <OrderCard order={order} />
          </li>
        ))}
      </ol>
      {orders.length > most && (
        <p className="more">
          <button type="button" className="btn btn-quiet" onClick={() => setMost(most + PAGE)}>
            Show older orders
          </button>
        </p>
      )}
    </>
  );
}
