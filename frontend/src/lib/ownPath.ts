/**
 * Where `text` leads, if that is a page of this site; otherwise null. An address of another host may look like a path:
 * `//host`, `/\host` and `/.//host` all do.
 */
export function ownPath(text: string | null): string | null {
  if (!text?.startsWith("/")) return null;
  try {
    const { origin, pathname, search, hash } = new URL(text, location.origin);
    return origin === location.origin && !pathname.startsWith("//") ? pathname + search + hash : null;
  } catch {
    return null;
  }
}
