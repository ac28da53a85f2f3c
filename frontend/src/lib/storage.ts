/** JSON in localStorage. A browser that refuses storage, or text that somebody else wrote, counts as nothing stored. */
export function stored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Keep `value` under `key`; null removes it. */
export function store(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without storage the shop works on, until the page is closed.
  }
}
