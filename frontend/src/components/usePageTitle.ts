import { type RefObject, useEffect, useRef } from "react";

let arrived = false;

/**
 * Names the document, and after a navigation moves the focus to the page's heading, as a new document would.
 * Give what it returns to the heading, which needs tabIndex={-1}.
 */
export function usePageTitle(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · The Shop`;
  }, [title]);
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
    arrived = true;
  }, []);
  return heading;
}
