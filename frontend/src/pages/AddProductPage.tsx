import { useState } from "react";
import { Link } from "react-router";
import { AddProduct } from "../admin/AddProduct";
import { useAccount } from "../auth/AuthContext";
import { EmptyState } from "../components/EmptyState";
import { Page } from "../components/Page";

/**
 * For admins. What the session says is only what is shown: the API decides who adds products. A form that was begun
 * stays when the session ends, so that nothing has to be typed twice.
 */
export function AddProductPage() {
  const account = useAccount();
  const isAdmin = account?.role === "admin";
  const [begun, setBegun] = useState(isAdmin);
  if (isAdmin && !begun) setBegun(true);
  return (
    <Page title="Add a product">
      {isAdmin || (begun && !account) ? <AddProduct /> : <Closed signedIn={account !== null} />}
    </Page>
  );
}

function Closed({ signedIn }: { signedIn: boolean }) {
  if (signedIn) {
    return (
      <EmptyState title="This page is for the shop’s staff" text="Your account can buy everything, but not add to it.">
        <Link className="btn btn-primary" to="/products">
          See all products
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Sign in to add products" text="Products are added by the shop’s staff.">
      <Link className="btn btn-primary" to="/login?then=/add-product">
        Sign in
      </Link>
    </EmptyState>
  );
}
