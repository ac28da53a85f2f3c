import { useId } from "react";
import type { Order } from "../api/client";
import { dateAndTime, money, orderNumber } from "../lib/format";
import { OrderLine } from "./OrderLine";
import { OrderNote } from "./OrderNote";
import { OrderStatus } from "./OrderStatus";

export function OrderCard({ order }: { order: Order }) {
  const heading = useId();
  return (
    <article className={`order order-${order.status.toLowerCase()}`} aria-labelledby={heading}>
      <header className="order-head">
        <h2 id={heading} title={order.id}>
          Order {orderNumber(order.id)}
        </h2>
        <time className="muted" dateTime={order.created_at}>
          {dateAndTime(order.created_at)}
        </time>
        <OrderStatus status={order.status} />
      </header>
      <OrderNote order={order} />
      <ul className="order-lines">
        {order.products.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an order never change.
          <OrderLine key={index} line={line} />
        ))}
      </ul>
      <p className="order-cost">
        Total <span className="price">{money(order.cost)}</span>
      </p>
    </article>
  );
}

/** What stands where orders will be. */
export function OrderCardSkeletons() {
  return (
    <div className="orders">
      <OrderCardSkeleton />
      <OrderCardSkeleton />
    </div>
  );
}

function OrderCardSkeleton() {
  return (
    <div className="order order-skeleton placeholder-glow" aria-hidden="true">
      <span className="placeholder skeleton-line" />
      <span className="placeholder skeleton-text" />
    </div>
  );
}
