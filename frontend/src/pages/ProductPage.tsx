import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Refused } from "../api/problems";
import { productQuery } from "../api/queries";
import { BuyForm } from "../catalogue/BuyForm";
import { Related } from "../catalogue/Related";
import { EmptyState } from "../components/EmptyState";
import { Picture } from "../components/Picture";
import { Stock } from "../components/Stock";
import { Trouble } from "../components/Trouble";
import { usePageTitle } from "../components/usePageTitle";
import { money, title } from "../lib/format";

export function ProductPage() {
  const { slug = "" } = useParams();
  return <OneProduct key={slug} slug={slug} />;
}

function OneProduct({ slug }: { slug: string }) {
  const { data: product, error, refetch } = useQuery(productQuery(slug));
  const unknown = error instanceof Refused && error.status === 404;
  const name = product ? title(product.name) : unknown ? "There is no such product" : "Product";
  const heading = usePageTitle(name);
  return (
    <div className="container page">
      <nav aria-label="Where you are">
        <ol className="crumbs">
          <li>
            <Link to="/products">Products</Link>
          </li>
          {product?.categories[0] && (
            <li>
              <Link to={`/products?category=${encodeURIComponent(product.categories[0])}`}>
                {title(product.categories[0])}
              </Link>
            </li>
          )}
        </ol>
      </nav>
      {product ? (
        <article className="product">
          <Picture
            product={product}
            alt={name}
            sizes="(min-width: 1200px) 640px, (min-width: 768px) 52vw, 94vw"
            eager
          />
          <div className="product-facts">
            <h1 ref={heading} tabIndex={-1}>
              {name}
            </h1>
            <p className="price">{money(product.price)}</p>
            <p>
              <Stock quantity={product.quantity} />
            </p>
            <p className="product-description">{product.description}</p>
            <BuyForm product={product} />
            <ul className="product-promises">
              <li>An order is accepted only if we can send all of it.</li>
              <li>You see within moments whether it is.</li>
            </ul>
          </div>
        </article>
      ) : error ? (
        <>
          <h1 ref={heading} tabIndex={-1}>
            {name}
          </h1>
          {unknown ? <Unknown /> : <Trouble error={error} what="This product" retry={() => void refetch()} />}
        </>
      ) : (
        <ProductSkeleton />
      )}
      {product && <Related product={product} />}
    </div>
  );
}

function Unknown() {
  return (
    <EmptyState title="Nothing on this shelf" text="It may have been renamed, or the address is misspelt.">
      <Link className="btn btn-primary" to="/products">
        See all products
      </Link>
    </EmptyState>
  );
}

function ProductSkeleton() {
  return (
    <div className="product placeholder-glow" aria-hidden="true">
      <div className="picture placeholder" />
      <div className="product-facts">
        <p className="placeholder skeleton-title" />
        <p className="placeholder skeleton-line" />
        <p className="placeholder skeleton-text" />
      </div>
    </div>
  );
}
