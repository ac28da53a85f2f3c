import { Page } from "../components/Page";

export function CartPage() {
  return <Page title="Cart">{null}</Page>;
}
