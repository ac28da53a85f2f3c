import { Link } from "react-router";
import { EmptyState } from "../components/EmptyState";
import { Page } from "../components/Page";

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <EmptyState title="Nothing on this shelf" text="The address may be misspelt, or what it led to is gone.">
        <Link className="btn btn-primary" to="/products">
          See all products
        </Link>
      </EmptyState>
    </Page>
  );
}
