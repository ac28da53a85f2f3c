import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { createQueryClient } from "./api/queries";
import { Providers } from "./Providers";
import { createRouter, fetchPages } from "./routes";
import "./styles/shop.scss";

const IDLE_MS = 3000;

const queries = createQueryClient();
const router = createRouter(queries);
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers queries={queries}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
window.addEventListener("load", () => setTimeout(fetchPages, IDLE_MS));
