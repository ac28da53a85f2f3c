import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

afterEach(cleanup);

type Hook = typeof import("./usePageTitle").usePageTitle;

function Shown({ useTitle, title, ready = true }: { useTitle: Hook; title: string; ready?: boolean }) {
  const heading = useTitle(title);
  return ready ? (
    <h1 ref={heading} tabIndex={-1}>
      {title}
    </h1>
  ) : null;
}

/** The hook of a document that was just opened. */
async function opened(): Promise<Hook> {
  vi.resetModules();
  return (await import("./usePageTitle")).usePageTitle;
}

const focused = () => document.activeElement?.textContent;

test("the first page leaves the focus where the browser puts it, the next one takes it to its heading", async () => {
  const useTitle = await opened();
  const { rerender } = render(<Shown useTitle={useTitle} key="1" title="Home" />);
  expect([document.title, document.activeElement]).toEqual(["Home · The Shop", document.body]);
  rerender(<Shown useTitle={useTitle} key="2" title="Products" />);
  expect([document.title, focused()]).toEqual(["Products · The Shop", "Products"]);
});

test("a heading that comes later gets the focus when it is there, once", async () => {
  const useTitle = await opened();
  const { rerender } = render(<Shown useTitle={useTitle} key="1" title="Home" />);
  rerender(<Shown useTitle={useTitle} key="2" title="Product" ready={false} />);
  rerender(<Shown useTitle={useTitle} key="2" title="Chair" />);
  expect(focused()).toBe("Chair");
  screen.getByRole("heading").blur();
  rerender(<Shown useTitle={useTitle} key="2" title="Chair, sold out" />);
  expect([document.title, document.activeElement]).toEqual(["Chair, sold out · The Shop", document.body]);
});
