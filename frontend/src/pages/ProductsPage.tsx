import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { productPages } from "../api/queries";
import { CategoryChips } from "../catalogue/CategoryChips";
import { Search } from "../catalogue/Search";
import { SortSelect } from "../catalogue/SortSelect";
import { useFilter } from "../catalogue/useFilter";
import { EmptyState } from "../components/EmptyState";
import { Page } from "../components/Page";
import { ProductCard, ProductCardSkeletons } from "../components/ProductCard";
import { Trouble } from "../components/Trouble";
import { count, title } from "../lib/format";

const EAGER = 4;

export function ProductsPage() {
  const [filter, change] = useFilter();
  const found = useInfiniteQuery(productPages(filter));
  const products = found.data?.pages.flatMap((page) => page.products) ?? [];
  return (
    <Page title={filter.category ? title(filter.category) : "All products"}>
      <search className="filters">
        <Search value={filter.q} onChange={(q) => change({ q })} />
        <SortSelect value={filter.sort} onChange={(sort) => change({ sort })} />
      </search>
      <CategoryChips filter={filter} />
      <section className="results" aria-labelledby="results">
        <h2 id="results" className="visually-hidden">
          Results
        </h2>
        <p className="results-line" role="status">
          {found.isSuccess && !found.isPlaceholderData && told(products.length, found.hasNextPage, filter.q)}
          &nbsp;
        </p>
        {found.isError && products.length === 0 && (
          <Trouble error={found.error} what="The products" retry={() => void found.refetch()} />
        )}
        {found.isSuccess && products.length === 0 && (
          <EmptyState title="Nothing found" text="Try fewer letters, or look through everything.">
            <Link className="btn btn-primary" to="/products">
              See all products
            </Link>
          </EmptyState>
        )}
        <div className={found.isPlaceholderData ? "product-grid results-old" : "product-grid"}>
          {products.map((product, index) => (
            <ProductCard key={product.slug} product={product} eager={index < EAGER} />
          ))}
          {(found.isPending || found.isFetchingNextPage) && <ProductCardSkeletons number={8} />}
        </div>
        {found.hasNextPage && (
          <p className="more">
            <button
              type="button"
              className="btn btn-quiet"
              disabled={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {found.isFetchNextPageError ? "That did not work. Try again" : "Show more"}
            </button>
          </p>
        )}
      </section>
    </Page>
  );
}

function told(number: number, more: boolean, q: string): string {
  const what = more ? `The first ${count(number, "product")}` : count(number, "product");
  return q ? `${what} for “${q}”` : what;
}
