/** The pages by their addresses. Each is loaded when it is first opened. */
import { createBrowserRouter } from "react-router";
import { Layout } from "./components/Layout";
import { NotFoundPage } from "./pages/NotFoundPage";

export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <NotFoundPage />,
    hydrateFallbackElement: <div className="page-loading" />,
    children: [
      { path: "/", lazy: async () => ({ Component: (await import("./pages/HomePage")).HomePage }) },
      { path: "/products", lazy: async () => ({ Component: (await import("./pages/ProductsPage")).ProductsPage }) },
      { path: "/products/:slug", lazy: async () => ({ Component: (await import("./pages/ProductPage")).ProductPage }) },
      { path: "/shopping-cart", lazy: async () => ({ Component: (await import("./pages/CartPage")).CartPage }) },
      { path: "/orders", lazy: async () => ({ Component: (await import("./pages/OrdersPage")).OrdersPage }) },
      { path: "/login", lazy: async () => ({ Component: (await import("./pages/LoginPage")).LoginPage }) },
      { path: "/register", lazy: async () => ({ Component: (await import("./pages/RegisterPage")).RegisterPage }) },
      {
        path: "/add-product",
        lazy: async () => ({ Component: (await import("./pages/AddProductPage")).AddProductPage }),
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
]);
