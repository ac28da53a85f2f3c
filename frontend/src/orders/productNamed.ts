import { queryOptions } from "@tanstack/react-query";
import { answered, client } from "../api/client";

/** The product that is called `name` today, for its picture and its page; null if there is none. */
export function productNamed(name: string) {
  return queryOptions({
    queryKey: ["product-named", name],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/products", { params: { query: { name } }, signal })).products[0] ?? null,
  });
}
