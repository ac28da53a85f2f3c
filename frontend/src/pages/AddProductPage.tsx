import { Page } from "../components/Page";

export function AddProductPage() {
  return <Page title="AddProduct">{null}</Page>;
}
