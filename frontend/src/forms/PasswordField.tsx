import { type ReactNode, useState } from "react";
import { Field } from "./Field";

interface Props {
  hint?: ReactNode;
  error?: ReactNode;
  /** What a password manager should offer. */
  autoComplete: "current-password" | "new-password";
}

/** A password, which can be looked at. */
export function PasswordField({ hint, error, autoComplete }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field name="password" label="Password" hint={hint} error={error}>
      {(control) => (
        <div className="with-button">
          <input
            {...control}
            type={shown ? "text" : "password"}
            autoComplete={autoComplete}
            spellCheck={false}
            required
          />
          <button type="button" className="btn btn-quiet" onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
            <span className="visually-hidden"> password</span>
          </button>
        </div>
      )}
    </Field>
  );
}
