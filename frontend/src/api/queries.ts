/** What the pages ask the API, and how long an answer counts as fresh. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
  replaceEqualDeep,
} from "@tanstack/react-query";
import { merged } from "../orders/merge";
import { answered, client, type Order } from "./client";
import { mayPass } from "./problems";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        networkMode: "always",
        retry: (failures, error) => mayPass(error) && failures < 2,
        retryDelay: (failures) => 500 * 2 ** failures * (1 + Math.random()),
      },
      mutations: { networkMode: "always" },
    },
  });
}

export const SORTS = {
  newest: "Newest first",
  price: "Price, low to high",
  "-price": "Price, high to low",
  name: "Name, A to Z",
} as const;
export type Sort = keyof typeof SORTS;

export interface Filter {
  q: string;
  category: string;
  sort: Sort;
}

/** The plain list: what the home page and the first page of all products both show. */
export const NEWEST: Filter = { q: "", category: "", sort: "newest" };

const PAGE = 24;

/** The products that fit a filter, page by page. */
export function productPages({ q, category, sort }: Filter) {
  return infiniteQueryOptions({
    queryKey: ["products", { q, category, sort }],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        sort,
        limit: PAGE,
        ...(q ? { q } : {}),
        ...(category ? { categoryName: category } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answered(await client.GET("/api/products", { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.next ?? null,
    placeholderData: keepPreviousData,
  });
}

/** One product, by its slug. */
export function productQuery(slug: string) {
  return queryOptions({
    queryKey: ["product", slug],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/products/{slug}", { params: { path: { slug } }, signal })),
  });
}

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => answered(await client.GET("/api/categories", { signal })).categories,
});

/** The orders of the signed-in account, newest first. */
export function ordersQuery(email: string) {
  return queryOptions({
    queryKey: ["orders", email],
    staleTime: 0,
    queryFn: async ({ signal }) => answered(await client.GET("/api/orders", { signal })).orders,
    structuralSharing: (known, told) =>
      replaceEqualDeep(known, merged((known ?? []) as readonly Order[], told as readonly Order[])),
  });
}
