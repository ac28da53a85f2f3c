import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Product } from "../api/client";
import { categoriesQuery, NEWEST, productPages } from "../api/queries";
import { Picture } from "../components/Picture";
import { ProductCard, ProductCardSkeletons } from "../components/ProductCard";
import { Trouble } from "../components/Trouble";
import { usePageTitle } from "../components/usePageTitle";
import { title } from "../lib/format";

const HIGHLIGHTS = 8;
const IN_HERO = 4;

export function HomePage() {
  const heading = usePageTitle("Good things, honestly counted");
  const { data, error, refetch } = useInfiniteQuery(productPages(NEWEST));
  const products = data?.pages[0]?.products;
  const inStock = products?.filter((product) => product.quantity > 0);
  return (
    <>
      <section className="hero">
        <div className="container hero-row">
          <div>
            <h1 ref={heading} tabIndex={-1}>
              Good things, honestly counted
            </h1>
            <p>
              Well-made things for the kitchen, the desk, the garden and the sofa. If it says in stock, it is: no order
              is accepted that we can’t send.
            </p>
            <div className="hero-actions">
              <Link className="btn btn-primary" to="/products">
                See all products
              </Link>
              <Link className="btn btn-quiet" to="/orders">
                Your orders
              </Link>
            </div>
          </div>
          <HeroPictures products={inStock?.filter((product) => product.picture).slice(0, IN_HERO)} />
        </div>
      </section>
      <div className="container page">
        <Categories products={products ?? []} />
        <section className="section" aria-labelledby="highlights">
          <div className="section-head">
            <h2 id="highlights">New on the shelf</h2>
            <Link to="/products">All products</Link>
          </div>
          {error && !products ? (
            <Trouble error={error} what="The highlights" retry={() => void refetch()} />
          ) : (
            <div className="product-grid">
              {inStock?.slice(0, HIGHLIGHTS).map((product) => <ProductCard key={product.slug} product={product} />) ?? (
                <ProductCardSkeletons number={HIGHLIGHTS} />
              )}
            </div>
          )}
        </section>
        <ul className="promises">
          <li>
            <strong>Counted right</strong> The last piece is sold once, to whoever came first.
          </li>
          <li>
            <strong>Decided in moments</strong> You see your order turn from pending to accepted, live.
          </li>
          <li>
            <strong>Never ordered twice</strong> A double click or a lost connection makes no second order.
          </li>
        </ul>
      </div>
    </>
  );
}

function HeroPictures({ products }: { products: Product[] | undefined }) {
  const shown: (Product | undefined)[] = products ?? Array.from({ length: IN_HERO });
  return (
    <div className="hero-pictures">
      {shown.map((product, index) =>
        product ? (
          <Link key={product.slug} to={`/products/${encodeURIComponent(product.slug)}`}>
            <Picture product={product} alt={title(product.name)} sizes="(min-width: 768px) 290px, 46vw" eager />
          </Link>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: places that are all alike.
          <div key={index} className="picture" />
        ),
      )}
    </div>
  );
}

function Categories({ products }: { products: Product[] }) {
  const { data: categories } = useQuery(categoriesQuery);
  if (categories?.length === 0) return null;
  const shown: ({ name: string } | undefined)[] = categories ?? Array.from({ length: 6 });
  return (
    <section aria-labelledby="categories">
      <div className="section-head">
        <h2 id="categories">Shop by category</h2>
      </div>
      <ul className="category-grid">
        {shown.map((category, index) => (
          <li key={category?.name ?? index}>
            <CategoryTile
              name={category?.name}
              product={products.find((p) => p.categories.includes(category?.name ?? ""))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CategoryTile({ name, product }: { name: string | undefined; product: Product | undefined }) {
  const picture = <Picture product={product ?? { picture: null }} alt="" sizes="(min-width: 992px) 180px, 46vw" />;
  if (!name) {
    return (
      <div className="category-tile" aria-hidden="true">
        {picture}
        <span>&nbsp;</span>
      </div>
    );
  }
  return (
    <Link className="category-tile" to={`/products?category=${encodeURIComponent(name)}`}>
      {picture}
      <span>{title(name)}</span>
    </Link>
  );
}
