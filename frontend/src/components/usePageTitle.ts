import { type RefObject, useEffect, useRef } from "react";

let arrived = false;

/**
 * Names the document, and after a navigation moves the focus to the page's heading, as a new document would: as soon
 * as it is there. Give what it returns to the heading, which needs tabIndex={-1}.
 */
export function usePageTitle(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const due = useRef(arrived);
  useEffect(() => {
    document.title = `${title} · The Shop`;
  }, [title]);
  useEffect(() => {
    arrived = true;
  }, []);
  useEffect(() => {
    if (!due.current || !heading.current) return;
    due.current = false;
    heading.current.focus({ preventScroll: true });
  });
  return heading;
}
