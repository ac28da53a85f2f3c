import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the gateway listens; `make up` says so when its ports are others. */
const gateway = process.env.SHOP_GATEWAY ?? "http://127.0.0.1:8081";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": { target: gateway, xfwd: false } } },
  // A picture or font inside the CSS would be against the Content-Security-Policy.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  css: {
    preprocessorOptions: {
      // Bootstrap 5.3 is written in a Sass that newer compilers warn of at every line.
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"] },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
