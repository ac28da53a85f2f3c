import { Page } from "../components/Page";

export function ProductsPage() {
  return <Page title="Products">{null}</Page>;
}
