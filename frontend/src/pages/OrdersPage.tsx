import { Link } from "react-router";
import { useAccount } from "../auth/AuthContext";
import { EmptyState } from "../components/EmptyState";
import { Page } from "../components/Page";
import { Orders } from "../orders/Orders";

export function OrdersPage() {
  const account = useAccount();
  return (
    <Page title="Your orders">
      {account ? (
        <Orders key={account.email} email={account.email} />
      ) : (
        <EmptyState
          title="Sign in to see your orders"
          text="Orders belong to an account. Yours are there when you are."
        >
          <Link className="btn btn-primary" to="/login?then=/orders">
            Sign in
          </Link>
        </EmptyState>
      )}
    </Page>
  );
}
