import { Link, Navigate, useLocation, useSearchParams } from "react-router";
import { Refused } from "../api/problems";
import { useAccount } from "../auth/AuthContext";
import { signIn } from "../auth/session";
import { Page } from "../components/Page";
import { missingEmail, missingPassword } from "../forms/credentials";
import { EmailField } from "../forms/EmailField";
import { FormError } from "../forms/FormError";
import { PasswordField } from "../forms/PasswordField";
import { SubmitButton } from "../forms/SubmitButton";
import { type FieldErrors, typed, useSubmit } from "../forms/useSubmit";
import { ownPath } from "../lib/ownPath";

/** Signs in, and then goes on to where `?then=` says: the orders, if it says nothing. */
export function LoginPage() {
  const account = useAccount();
  const [search] = useSearchParams();
  const registered: unknown = useLocation().state?.registered;
  const { props, errors, pending } = useSubmit(send, explain);
  if (account) return <Navigate to={ownPath(search.get("then")) ?? "/orders"} replace />;
  return (
    <Page title="Sign in">
      <form {...props} className="form-card">
        {typeof registered === "string" && (
          <p className="form-notice" role="status">
            Your account is ready. Sign in to go on.
          </p>
        )}
        <FormError>{errors.form}</FormError>
        <EmailField error={errors.email} initial={typeof registered === "string" ? registered : ""} />
        <PasswordField error={errors.password} autoComplete="current-password" />
        <SubmitButton text="Sign in" pending={pending} doing="Signing in…" />
        <p className="form-aside">
          New here? <Link to={{ pathname: "/register", search: search.toString() }}>Create an account</Link>
        </p>
      </form>
    </Page>
  );
}

async function send(form: HTMLFormElement): Promise<FieldErrors | undefined> {
  const email = typed(form, "email").trim();
  const password = typed(form, "password");
  const missing = { ...missingEmail(email), ...missingPassword(password) };
  if (Object.keys(missing).length > 0) return missing;
  await signIn(email, password);
}

function explain(error: unknown): FieldErrors {
  if (!(error instanceof Refused)) return { form: "Something went wrong in this page. Reload it and try again." };
  if (error.status === 401) return { password: "Incorrect e-mail or password. Check both and try again." };
  if (error.status === 400) return { email: "This is not an e-mail address. It should look like ann@example.com." };
  return { form: error.message };
}
