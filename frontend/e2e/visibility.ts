import type { Page } from "@playwright/test";

/** Put a page behind another one, or in front again: a browser that is driven shows all its pages. */
export async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((seen) => {
    Object.defineProperty(document, "hidden", { value: !seen, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: seen ? "visible" : "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, visible);
}
