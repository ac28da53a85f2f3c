import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Product } from "../api/client";
import { categoriesQuery } from "../api/queries";
import { Picture } from "../components/Picture";
import { title } from "../lib/format";

const PLACES = 6;

/** The way into each category, with the picture of one of its `products`. */
export function Categories({ products }: { products: Product[] }) {
  const { data } = useQuery(categoriesQuery);
  if (data?.length === 0) return null;
  const names: (string | undefined)[] = data?.map(({ name }) => name) ?? Array.from({ length: PLACES });
  return (
    <section aria-labelledby="categories">
      <div className="section-head">
        <h2 id="categories">Shop by category</h2>
      </div>
      <ul className="category-grid">
        {names.map((name, index) => (
          <li key={name ?? index}>{name ? <Tile name={name} product={typical(products, name)} /> : <EmptyTile />}</li>
        ))}
      </ul>
    </section>
  );
}

/** One that belongs to the category before all others, if there is one. */
function typical(products: Product[], category: string): Product | undefined {
  return (
    products.find((product) => product.categories[0] === category) ??
    products.find((product) => product.categories.includes(category))
  );
}

function Tile({ name, product }: { name: string; product: Product | undefined }) {
  return (
    <Link className="category-tile" to={`/products?category=${encodeURIComponent(name)}`}>
      <Picture product={product ?? { picture: null }} alt="" sizes="(min-width: 992px) 180px, 46vw" />
      <span>{title(name)}</span>
    </Link>
  );
}

function EmptyTile() {
  return (
    <div className="category-tile" aria-hidden="true">
      <div className="picture" />
      <span>&nbsp;</span>
    </div>
  );
}
