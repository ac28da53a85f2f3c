import { apiUrl } from "../api/address";
import type { Product } from "../api/client";
import { ShelfMark } from "./icons";

interface Props {
  product: Pick<Product, "picture">;
  /** What it shows; empty where a name beside it says so. */
  alt: string;
  /** How wide it is shown, as the `sizes` of an image. */
  sizes: string;
  /** The first ones on a page are loaded at once. */
  eager?: boolean;
}

/** A product's picture in the size that fits, or a plain ground if it has none. */
export function Picture({ product, alt, sizes, eager = false }: Props) {
  const found = product.picture?.sizes ?? [];
  const largest = found.at(-1);
  if (!largest) {
    return (
      <div className="picture picture-none">
        <ShelfMark />
      </div>
    );
  }
  return (
    <img
      className="picture"
      src={apiUrl((found[1] ?? largest).path)}
      srcSet={found.map((size) => `${apiUrl(size.path)} ${size.width}w`).join(", ")}
      sizes={sizes}
      width={largest.width}
      height={largest.height}
      alt={alt}
      loading={eager ? "eager" : "lazy"}
      fetchPriority={eager ? "high" : "auto"}
      decoding="async"
    />
  );
}
