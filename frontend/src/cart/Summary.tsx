import { useId } from "react";
import { Link } from "react-router";
import type { Account } from "../auth/account";
import { count, money } from "../lib/format";
import { type CheckedLine, canBeOrdered, totalNow } from "./check";

interface Props {
  lines: readonly CheckedLine[];
  account: Account | null;
  sending: boolean;
  /** The words of the button that orders. */
  action: string;
  onOrder: () => void;
}

/** What it all costs, and the button that orders. */
export function Summary({ lines, account, sending, action, onOrder }: Props) {
  const hint = useId();
  const ready = canBeOrdered(lines);
  const number = lines.reduce((sum, { line }) => sum + line.quantity, 0);
  return (
    <section className="cart-summary" aria-label="Summary">
      <dl>
        <div>
          <dt>
            Total <span className="muted">({count(number, "piece")})</span>
          </dt>
          <dd className="price cart-total">{money(totalNow(lines))}</dd>
        </div>
      </dl>
      {account ? (
        <button
          type="button"
          className="btn btn-primary"
          aria-disabled={!ready || sending}
          aria-describedby={hint}
          onClick={() => ready && !sending && onOrder()}
        >
          {sending ? "Ordering…" : action}
        </button>
      ) : (
        <Link className="btn btn-primary" to="/login?then=/shopping-cart">
          Sign in to order
        </Link>
      )}
      <p id={hint} className="cart-hint muted">
        {hintFor(lines, account)}
      </p>
    </section>
  );
}

function hintFor(lines: readonly CheckedLine[], account: Account | null): string {
  if (!lines.every(({ asked }) => asked)) return "Looking at prices and stock…";
  if (!canBeOrdered(lines)) return "First settle what is marked in your cart.";
  return account ? `You order as ${account.email}.` : "Your cart stays as it is while you sign in.";
}
