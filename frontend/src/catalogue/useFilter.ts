import { useSearchParams } from "react-router";
import { type Filter, NEWEST, SORTS, type Sort } from "../api/queries";

/** What the address of the page filters by, and a way to change it. A filter can be bookmarked and gone back to. */
export function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  return [
    filter,
    (change) => setParams(paramsOf({ ...filter, ...change }), { replace: true, preventScrollReset: true }),
  ];
}

export function filterOf(params: URLSearchParams): Filter {
  const sort = params.get("sort") ?? "";
  return {
    q: params.get("q") ?? "",
    category: params.get("category") ?? "",
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : NEWEST.sort,
  };
}

/** Only what differs from a plain list. */
export function paramsOf({ q, category, sort }: Filter): URLSearchParams {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (category) params.set("category", category);
  if (sort !== NEWEST.sort) params.set("sort", sort);
  return params;
}
