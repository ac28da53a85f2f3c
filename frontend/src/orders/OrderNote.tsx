import { useEffect, useState } from "react";
import { Link } from "react-router";
import type { Order } from "../api/client";
import { reason } from "./reason";

/** Deciding takes a moment; after this long something is slower than usual. */
const LONG_MS = 6000;

/** What there is to know beyond the status. */
export function OrderNote({ order }: { order: Order }) {
  if (order.status === "PENDING") return <Waiting />;
  if (order.status === "REJECTED") {
    return (
      <p className="order-note">
        {reason(order)} <Link to="/products">Find something else</Link>
      </p>
    );
  }
  return null;
}

function Waiting() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="order-note" role="status">
      {long
        ? "This takes longer than usual. Your order is safe, nothing is lost, and it will be decided as soon as possible."
        : "We are looking whether everything is there."}
    </p>
  );
}
