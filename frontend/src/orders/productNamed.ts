import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answered, client, type Product } from "../api/client";

/** The product that is called `name` today, for its picture and its page; null if there is none. */
export function productNamed(name: string) {
  return queryOptions({
    queryKey: ["product-named", name],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/products", { params: { query: { name } }, signal })).products[0] ?? null,
  });
}

/** The product that is called `name`, if another page has shown it: so what was just ordered is there at once. */
export function shownBefore(queries: QueryClient, name: string): Product | undefined {
  const shown = queries.getQueriesData<Product>({ queryKey: ["product"] });
  return shown.map(([, product]) => product).find((product) => product?.name === name);
}
