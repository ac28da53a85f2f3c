import { defineConfig } from "@playwright/test";

const { CHROMIUM, SHOP_URL } = process.env;
if (!CHROMIUM || !SHOP_URL) throw new Error("tests/browser starts a shop and runs these: make browser");

export default defineConfig({
  testDir: "e2e",
  outputDir: `test-results/${process.env.PLAYWRIGHT_OUTPUT}`,
  // The shop is one, and so is the machine that runs it.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    baseURL: SHOP_URL,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
