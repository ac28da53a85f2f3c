import { Page } from "../components/Page";

export function OrdersPage() {
  return <Page title="Orders">{null}</Page>;
}
