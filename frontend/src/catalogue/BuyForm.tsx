import { useId, useState } from "react";
import { Link } from "react-router";
import type { Product } from "../api/client";
import { cartActions, useCart } from "../cart/CartContext";
import { count, title } from "../lib/format";
import { notify } from "../lib/notices";

const MOST_AT_ONCE = 20;

/** Puts pieces of a product into the cart, as many as are left. */
export function BuyForm({ product }: { product: Product }) {
  const [wanted, setWanted] = useState(1);
  const id = useId();
  const inCart = useCart().lines.find((line) => line.slug === product.slug)?.quantity ?? 0;
  const left = product.quantity - inCart;
  if (product.quantity < 1) return <p>This is sold out at the moment. Look again later.</p>;
  if (left < 1) {
    return (
      <p>
        {product.quantity === 1 ? "The last piece is" : `All ${product.quantity} pieces are`} in your{" "}
        <Link to="/shopping-cart">cart</Link>.
      </p>
    );
  }
  const most = Math.min(left, MOST_AT_ONCE);
  const number = Math.min(wanted, most);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        cartActions.add(product, number);
        setWanted(1);
        notify(`${title(product.name)}: ${count(number, "piece")} added to your cart.`);
      }}
    >
      <div className="buy">
        <div>
          <label className="form-label" htmlFor={id}>
            Quantity
          </label>
          <select
            id={id}
            className="form-select"
            value={number}
            onChange={(event) => setWanted(Number(event.target.value))}
          >
            {Array.from({ length: most }, (_, index) => index + 1).map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </div>
        <button type="submit" className="btn btn-primary">
          Add to cart
        </button>
      </div>
      {inCart > 0 && (
        <p>
          {count(inCart, "piece")} in your <Link to="/shopping-cart">cart</Link>.
        </p>
      )}
    </form>
  );
}
