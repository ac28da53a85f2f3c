/** The pages by their addresses. Each page's code is fetched apart, and what it shows first is asked meanwhile. */
import type { QueryClient } from "@tanstack/react-query";
import { lazy } from "react";
import { createBrowserRouter } from "react-router";
import { categoriesQuery, productPages, productQuery } from "./api/queries";
import { filterOf } from "./catalogue/useFilter";
import { Layout } from "./components/Layout";
import { BrokenPage } from "./pages/BrokenPage";
import { NotFoundPage } from "./pages/NotFoundPage";

const pages = {
  home: () => import("./pages/HomePage").then((m) => ({ default: m.HomePage })),
  products: () => import("./pages/ProductsPage").then((m) => ({ default: m.ProductsPage })),
  product: () => import("./pages/ProductPage").then((m) => ({ default: m.ProductPage })),
  cart: () => import("./pages/CartPage").then((m) => ({ default: m.CartPage })),
  orders: () => import("./pages/OrdersPage").then((m) => ({ default: m.OrdersPage })),
  login: () => import("./pages/LoginPage").then((m) => ({ default: m.LoginPage })),
  register: () => import("./pages/RegisterPage").then((m) => ({ default: m.RegisterPage })),
};

const HomePage = lazy(pages.home);
const ProductsPage = lazy(pages.products);
const ProductPage = lazy(pages.product);
const CartPage = lazy(pages.cart);
const OrdersPage = lazy(pages.orders);
const LoginPage = lazy(pages.login);
const RegisterPage = lazy(pages.register);
const AddProductPage = lazy(() => import("./pages/AddProductPage").then((m) => ({ default: m.AddProductPage })));

export function createRouter(queries: QueryClient) {
  const list = ({ request }: { request: Request }) => {
    void queries.prefetchInfiniteQuery(productPages(filterOf(new URL(request.url).searchParams)));
    void queries.prefetchQuery(categoriesQuery);
    return null;
  };
  const one = ({ params }: { params: { slug?: string } }) => {
    void queries.prefetchQuery(productQuery(params.slug ?? ""));
    return null;
  };
  return createBrowserRouter([
    {
      element: <Layout />,
      hydrateFallbackElement: <div />,
      children: [
        {
          errorElement: <BrokenPage />,
          children: [
            { path: "/", loader: list, element: <HomePage /> },
            { path: "/products", loader: list, element: <ProductsPage /> },
            { path: "/products/:slug", loader: one, element: <ProductPage /> },
            { path: "/shopping-cart", element: <CartPage /> },
            { path: "/orders", element: <OrdersPage /> },
            { path: "/login", element: <LoginPage /> },
            { path: "/register", element: <RegisterPage /> },
            { path: "/add-product", element: <AddProductPage /> },
            { path: "*", element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}

/** Fetch the code of every shopper's page, so that a link answers at once, also when the connection is gone by then. */
export function fetchPages(): void {
  for (const page of Object.values(pages)) page().catch(() => undefined);
}
