import { Link } from "react-router";
import { isRefusal } from "./placing";

/** Why the order of the cart is not placed, or not known to be. `changed`: the cart is another by now. */
export function OrderTrouble({ error, changed }: { error: Error | null; changed: boolean }) {
  if (!error || (changed && isRefusal(error))) return null;
  return (
    <div className="news news-trouble cart-trouble" role="alert">
      {isRefusal(error) ? <Refusal status={error.status} message={error.message} /> : <Lost changed={changed} />}
    </div>
  );
}

function Refusal({ status, message }: { status: number; message: string }) {
  if (status === 401) return <p>Your session has ended. Sign in again to order; your cart stays as it is.</p>;
  if (status === 404) {
    return (
      <p>
        Somebody was faster: there is not enough left for this order, and nothing was ordered. We looked again, and
        marked what changed. If nothing is marked, try again in a moment.
      </p>
    );
  }
  return <p>The shop did not take this order: {message}</p>;
}

function Lost({ changed }: { changed: boolean }) {
  if (!changed) {
    return (
      <p>
        The shop did not answer, so we do not know yet whether your order is placed. Try again: however often you do, it
        is ordered once.
      </p>
    );
  }
  return (
    <p>
      The shop did not answer when you ordered, and your cart has changed since. Look at{" "}
      <Link to="/orders">your orders</Link> before you order again.
    </p>
  );
}
