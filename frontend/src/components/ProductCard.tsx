import { Link } from "react-router";
import type { Product } from "../api/client";
import { money, title } from "../lib/format";
import { Picture } from "./Picture";
import { Stock } from "./Stock";

/** A product in a list. All of it leads to the product. */
export function ProductCard({ product, eager = false }: { product: Product; eager?: boolean }) {
  return (
    <article className="product-card">
      <Picture
        product={product}
        alt=""
        sizes="(min-width: 1200px) 270px, (min-width: 768px) 30vw, 46vw"
        eager={eager}
      />
      <div className="product-card-text">
        <h3>
          <Link to={`/products/${encodeURIComponent(product.slug)}`} className="stretched-link">
            {title(product.name)}
          </Link>
        </h3>
        <p className="product-card-bottom">
          <span className="price">{money(product.price)}</span>
          <Stock quantity={product.quantity} />
        </p>
      </div>
    </article>
  );
}

/** What stands where cards will be. */
export function ProductCardSkeletons({ number }: { number: number }) {
  return Array.from({ length: number }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move.
    <div key={index} className="product-card product-card-skeleton placeholder-glow" aria-hidden="true">
      <div className="picture placeholder" />
      <div className="product-card-text">
        <span className="placeholder w-75" />
        <span className="placeholder w-50" />
      </div>
    </div>
  ));
}
