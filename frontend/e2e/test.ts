/** `test` for every spec: it also fails if a page throws, or does what the Content-Security-Policy forbids. */
import { type BrowserContext, test as base, expect } from "@playwright/test";

export { expect };

export const test = base.extend<{ sound: undefined }>({
  sound: [
    async ({ context }, use) => {
      const faults = faultsIn(context);
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** What goes wrong in a context from now on. Only a spec that makes contexts of its own has to ask. */
export function faultsIn(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on("weberror", (thrown) => faults.push(String(thrown.error())));
  context.on("console", (said) => {
    if (said.text().includes("Content Security Policy")) faults.push(said.text());
  });
  return faults;
}
