import type { ReactNode } from "react";
import { Field } from "./Field";

/** An e-mail address as the name of an account. */
export function EmailField({ error, initial = "" }: { error?: ReactNode; initial?: string }) {
  return (
    <Field name="email" label="E-mail" error={error}>
      {(control) => (
        <input
          {...control}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={initial}
          required
        />
      )}
    </Field>
  );
}
