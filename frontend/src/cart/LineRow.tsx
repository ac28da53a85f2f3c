import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { BinIcon } from "../components/icons";
import { Picture } from "../components/Picture";
import { QuantityStepper } from "../components/QuantityStepper";
import { Stock } from "../components/Stock";
import { money, title } from "../lib/format";
import { cartActions } from "./CartContext";
import { cents } from "./cart";
import type { CheckedLine } from "./check";
import { LineNews } from "./LineNews";

interface Props {
  checked: CheckedLine;
  /** Nothing can be changed while the cart is on its way. */
  locked: boolean;
  /** Take the focus: it is back after it was removed. */
  focused: boolean;
  onRemove: () => void;
}

/** One line of the cart. */
export function LineRow({ checked, locked, focused, onRemove }: Props) {
  const { line, product, asked, price, trouble } = checked;
  const link = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it appears.
  useEffect(() => {
    if (focused) link.current?.focus();
  }, []);
  const name = title(line.name);
  const shown = trouble?.kind === "gone" ? null : `/products/${encodeURIComponent(line.slug)}`;
  return (
    <li className={trouble ? "cart-line cart-line-trouble" : "cart-line"}>
      {asked ? (
        <Picture product={product ?? { picture: null }} alt="" sizes="112px" />
      ) : (
        <div className="placeholder-glow" aria-hidden="true">
          <div className="picture placeholder" />
        </div>
      )}
      <div className="cart-line-name">
        <h2>
          {shown ? (
            <Link ref={link} to={shown}>
              {name}
            </Link>
          ) : (
            name
          )}
        </h2>
        <p className="muted">{money(price)} each</p>
        <p className="cart-line-stock">{product && !trouble && <Stock quantity={product.quantity} />}</p>
      </div>
      <div className="cart-line-controls">
        <QuantityStepper
          of={name}
          value={line.quantity}
          most={product?.quantity ?? line.quantity}
          locked={locked}
          onChange={(quantity) => cartActions.change(line.slug, { quantity })}
        />
        <button
          type="button"
          className="cart-line-remove"
          aria-label={`Remove ${name}`}
          aria-disabled={locked}
          onClick={() => locked || onRemove()}
        >
          <BinIcon />
          <span>Remove</span>
        </button>
      </div>
      <p className="price cart-line-sum">{money((cents(price) * line.quantity) / 100)}</p>
      <LineNews checked={checked} onRemove={onRemove} />
    </li>
  );
}
