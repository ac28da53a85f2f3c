import type { ReactNode } from "react";
import { usePageTitle } from "./usePageTitle";

/** A page under its title. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const heading = usePageTitle(title);
  return (
    <div className="container page">
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </header>
      {children}
    </div>
  );
}
