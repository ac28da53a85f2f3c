import { Link } from "react-router";
import type { Product } from "../api/client";
import { ProductCard, ProductCardSkeletons } from "../components/ProductCard";
import { Trouble } from "../components/Trouble";

const MOST = 8;

interface Props {
  products: Product[] | undefined;
  error: Error | null;
  retry: () => void;
}

/** The newest that can be bought. */
export function Highlights({ products, error, retry }: Props) {
  const shown = products?.filter((product) => product.quantity > 0).slice(0, MOST);
  return (
    <section className="section" aria-labelledby="highlights">
      <div className="section-head">
        <h2 id="highlights">New on the shelf</h2>
        <Link to="/products">All products</Link>
      </div>
      {error && !shown ? (
        <Trouble error={error} what="The highlights" retry={retry} />
      ) : (
        <div className="product-grid product-grid-row">
          {shown?.map((product) => <ProductCard key={product.slug} product={product} />) ?? (
            <ProductCardSkeletons number={MOST} />
          )}
        </div>
      )}
    </section>
  );
}
