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
  const tiles = data ? faces(data, products) : Array.from({ length: PLACES }, () => null);
  return (
    <section aria-labelledby="categories">
      <div className="section-head">
        <h2 id="categories">Shop by category</h2>
      </div>
      <ul className="category-grid">
        {tiles.map((tile, index) => (
          <li key={tile?.name ?? index}>{tile ? <Tile {...tile} /> : <EmptyTile />}</li>
        ))}
      </ul>
    </section>
  );
}

interface Face {
  name: string;
  product: Product | undefined;
}

/** Each category with a product that stands for it: one that belongs there before all, and to no other's face. */
function faces(categories: { name: string }[], products: Product[]): Face[] {
  const left = new Set(products);
  return categories.map(({ name }) => {
    const fitting = [...left].filter((product) => product.categories.includes(name));
    const product = fitting.find((each) => each.categories[0] === name) ?? fitting[0];
    if (product) left.delete(product);
    return { name, product };
  });
}

function Tile({ name, product }: Face) {
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
