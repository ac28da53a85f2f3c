import { Link } from "react-router";
import { useAccount } from "../auth/AuthContext";
import { useCart } from "../cart/CartContext";
import { Lines } from "../cart/Lines";
import { OrderTrouble } from "../cart/OrderTrouble";
import { isRefusal } from "../cart/placing";
import { Summary } from "../cart/Summary";
import { useCheckedLines } from "../cart/useCheckedLines";
import { useOrdering } from "../cart/useOrdering";
import { EmptyState } from "../components/EmptyState";
import { Page } from "../components/Page";

export function CartPage() {
  const account = useAccount();
  const cart = useCart();
  const ordering = useOrdering(account);
  const { variables: sent, error, isPending } = ordering;
  // The cart is emptied as soon as it is ordered; what was ordered stays in sight until the orders are there.
  const shown = sent && (isPending || ordering.isSuccess) ? sent : cart;
  const lines = useCheckedLines(shown.lines);
  const lost = error !== null && !isRefusal(error) && sent?.key === cart.key;
  return (
    <Page title="Your cart">
      <OrderTrouble error={error} changed={sent?.key !== cart.key} />
      <div className="cart">
        <Lines lines={lines} locked={shown === sent && !error} />
        {lines.length > 0 && (
          <Summary
            lines={lines}
            account={account}
            sending={isPending || ordering.isSuccess}
            action={lost ? "Try again" : "Order"}
            onOrder={() => ordering.order(shown)}
          />
        )}
      </div>
      {lines.length === 0 && (
        <EmptyState title="Your cart is empty" text="What you put into it stays here, even if you close the browser.">
          <Link className="btn btn-primary" to="/products">
            Look around
          </Link>
        </EmptyState>
      )}
    </Page>
  );
}
