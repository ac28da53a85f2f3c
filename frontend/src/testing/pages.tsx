/** A page as the browser has it: the providers around it, and the addresses that it may lead to. */
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { createQueryClient } from "../api/queries";
import { Providers } from "../Providers";

/** Open `at`; addresses other than those in `pages` show nothing. */
export function open(at: string, pages: Record<string, ReactElement>) {
  const router = createMemoryRouter(
    [...Object.entries(pages).map(([path, element]) => ({ path, element })), { path: "*", element: null }],
    { initialEntries: [at] },
  );
  const queries = createQueryClient();
  render(
    <Providers queries={queries}>
      <RouterProvider router={router} />
    </Providers>,
  );
  const address = () => {
    const { pathname, search } = router.state.location;
    return pathname + search;
  };
  return { user: userEvent.setup(), address, queries };
}
