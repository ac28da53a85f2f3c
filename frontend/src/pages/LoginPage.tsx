import { Page } from "../components/Page";

export function LoginPage() {
  return <Page title="Login">{null}</Page>;
}
