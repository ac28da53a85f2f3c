const LOCK = "shop-session";
let last: Promise<unknown> = Promise.resolve();

/**
 * Run `work` when what was asked before it has ended: in all tabs of the shop where the browser can lock, otherwise in
 * this one.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(LOCK, work) as Promise<T>;
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}
