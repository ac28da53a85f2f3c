import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { answered, client } from "../api/client";
import { Refused } from "../api/problems";
import { useAccount } from "../auth/AuthContext";
import { Page } from "../components/Page";
import { missingEmail, weakPassword } from "../forms/credentials";
import { EmailField } from "../forms/EmailField";
import { FormError } from "../forms/FormError";
import { PasswordField } from "../forms/PasswordField";
import { SubmitButton } from "../forms/SubmitButton";
import { type FieldErrors, typed, useSubmit } from "../forms/useSubmit";
import { ownPath } from "../lib/ownPath";

/** Makes an account, and then asks to sign in with it. */
export function RegisterPage() {
  const account = useAccount();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const signInPage = { pathname: "/login", search: search.toString() };

  async function send(form: HTMLFormElement): Promise<FieldErrors | undefined> {
    const email = typed(form, "email").trim();
    const password = typed(form, "password");
    const missing = { ...missingEmail(email), ...weakPassword(password) };
    if (Object.keys(missing).length > 0) return missing;
    answered(await client.POST("/api/register", { body: { email, password } }));
    await navigate(signInPage, { state: { registered: email } });
  }

  function explain(error: unknown): FieldErrors {
    if (!(error instanceof Refused)) return { form: "Something went wrong in this page. Reload it and try again." };
    if (error.status !== 400) return { form: error.message };
    return {
      email: (
        <>
          This e-mail can’t be used: it is misspelt, or it has an account already. Is it yours? Then{" "}
          <Link to={signInPage}>sign in</Link>.
        </>
      ),
    };
  }

  const { props, errors, pending } = useSubmit(send, explain);
  if (account) return <Navigate to={ownPath(search.get("then")) ?? "/orders"} replace />;
  return (
    <Page title="Create an account">
      <form {...props} className="form-card">
        <FormError>{errors.form}</FormError>
        <EmailField error={errors.email} />
        <PasswordField
          error={errors.password}
          autoComplete="new-password"
          hint="At least 8 characters. Some words in a row are easy to remember and hard to guess."
        />
        <SubmitButton text="Create the account" pending={pending} doing="Creating the account…" />
        <p className="form-aside">
          You have an account? <Link to={signInPage}>Sign in</Link>
        </p>
      </form>
    </Page>
  );
}
