import { useInfiniteQuery } from "@tanstack/react-query";
import type { Product } from "../api/client";
import { NEWEST, productPages } from "../api/queries";
import { ProductCard } from "../components/ProductCard";
import { title } from "../lib/format";

const MOST = 4;

/** Others of the same category that can be bought. Whoever can't be shown them misses nothing. */
export function Related({ product }: { product: Product }) {
  const category = product.categories[0] ?? "";
  const { data } = useInfiniteQuery({ ...productPages({ ...NEWEST, category }), enabled: category !== "" });
  const others = data?.pages[0]?.products.filter((other) => other.slug !== product.slug && other.quantity > 0) ?? [];
  if (!category || others.length === 0) return null;
  return (
    <section className="section" aria-labelledby="related">
      <div className="section-head">
        <h2 id="related">More in {title(category)}</h2>
      </div>
      <div className="product-grid product-grid-row">
        {others.slice(0, MOST).map((other) => (
          <ProductCard key={other.slug} product={other} />
        ))}
      </div>
    </section>
  );
}
