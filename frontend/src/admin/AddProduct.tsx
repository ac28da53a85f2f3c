import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Product } from "../api/client";
import { title } from "../lib/format";
import { PictureAgain } from "./PictureAgain";
import { ProductForm } from "./ProductForm";
import { pictureError } from "./refusals";
import { sendPicture } from "./sending";

interface Unpictured {
  product: Product;
  file: File;
  reason: string;
}

/** One product after the other. What was added is in the shop at once, with or without its picture. */
export function AddProduct() {
  const queries = useQueryClient();
  const [unpictured, setUnpictured] = useState<Unpictured | null>(null);
  const [last, setLast] = useState<Product | null>(null);
  const [number, setNumber] = useState(0);

  function shown(product: Product) {
    void queries.invalidateQueries({ queryKey: ["products"] });
    void queries.invalidateQueries({ queryKey: ["product", product.slug] });
  }

  function done(product: Product) {
    shown(product);
    setUnpictured(null);
    setLast(product);
    setNumber(number + 1);
  }

  async function onAdded(product: Product, file: File | null) {
    try {
      if (file) await sendPicture(product.slug, file);
      done(product);
    } catch (error) {
      if (!file) throw error;
      shown(product);
      setLast(null);
      setUnpictured({ product, file, reason: pictureError(error) });
    }
  }

  return (
    <>
      <div role="status">
        {last && (
          <p className="form-notice">
            “{title(last.name)}” is in the shop.{" "}
            <Link to={`/products/${encodeURIComponent(last.slug)}`}>See how it looks</Link>
          </p>
        )}
      </div>
      {unpictured ? (
        <PictureAgain
          {...unpictured}
          onSent={() => done(unpictured.product)}
          onLeave={() => done(unpictured.product)}
        />
      ) : (
        <ProductForm key={number} next={number > 0} onAdded={onAdded} />
      )}
    </>
  );
}
