import type { Page } from "@playwright/test";
import { expect } from "./test";

/**
 * Return when nothing that is seen is still to come. The network tells nothing of it: a page that follows its orders
 * never stops to listen.
 */
export async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".placeholder")).toHaveCount(0);
  await expect.poll(() => page.evaluate(missingPictures)).toEqual([]);
}

function missingPictures(): string[] {
  return [...document.images]
    .filter((image) => image.getBoundingClientRect().top < innerHeight && !(image.complete && image.naturalWidth > 0))
    .map((image) => image.currentSrc);
}
