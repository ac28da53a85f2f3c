import { createStore } from "./store";

export interface Notice {
  id: number;
  text: string;
}

const SHOWN_MS = 6000;
let last = 0;

/** Short messages that appear in a corner and are read out by screen readers. */
export const notices = createStore<readonly Notice[]>([]);

export function notify(text: string): void {
  const notice = { id: ++last, text };
  notices.set([...notices.get().filter((n) => n.text !== text), notice]);
  setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}
