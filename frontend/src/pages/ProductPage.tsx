import { Page } from "../components/Page";

export function ProductPage() {
  return <Page title="Product">{null}</Page>;
}
