import type { ReactNode } from "react";

/** What is wrong with a form as a whole. */
export function FormError({ children }: { children?: ReactNode }) {
  if (!children) return null;
  return (
    <div className="form-error" role="alert" tabIndex={-1}>
      {children}
    </div>
  );
}
