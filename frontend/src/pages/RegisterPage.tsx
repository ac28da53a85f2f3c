import { Page } from "../components/Page";

export function RegisterPage() {
  return <Page title="Register">{null}</Page>;
}
