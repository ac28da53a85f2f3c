import { Suspense, useEffect } from "react";
import { Outlet, ScrollRestoration } from "react-router";
import { session } from "../auth/session";
import { notify } from "../lib/notices";
import { Footer } from "./Footer";
import { Navbar } from "./Navbar";
import { Notices } from "./Notices";
import { OutageBanner } from "./OutageBanner";

/** What every page has around it. */
export function Layout() {
  useEffect(
    () =>
      session.subscribe(() => {
        if (session.get().ended) notify("Your session has ended, so you are signed out. Your cart is still here.");
      }),
    [],
  );
  return (
    <>
      <Navbar />
      <OutageBanner />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<div className="page-loading" />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <Notices />
      <ScrollRestoration />
    </>
  );
}
