import { money, title } from "../lib/format";
import { cartActions } from "./CartContext";
import { type CheckedLine, needsConsent } from "./check";

/** What changed since the line was put into the cart, and what can be done about it. Read out when it changes. */
export function LineNews({ checked, onRemove }: { checked: CheckedLine; onRemove: () => void }) {
  return (
    <div className="cart-line-news" role="status">
      <StockNews checked={checked} onRemove={onRemove} />
      <PriceNews checked={checked} />
    </div>
  );
}

function StockNews({ checked: { line, trouble }, onRemove }: { checked: CheckedLine; onRemove: () => void }) {
  const name = title(line.name);
  if (!trouble) return null;
  if (trouble.kind === "few") {
    const { left } = trouble;
    return (
      <p className="news news-trouble">
        <span>
          Only {left} left, and you have {line.quantity} in your cart.
        </span>
        <button
          type="button"
          className="btn btn-quiet"
          onClick={() => cartActions.change(line.slug, { quantity: left })}
        >
          Take {left}
          <span className="visually-hidden"> of {name}</span>
        </button>
      </p>
    );
  }
  return (
    <p className="news news-trouble">
      <span>{trouble.kind === "gone" ? "This is no longer sold." : "Sold out."}</span>
      <button type="button" className="btn btn-quiet" onClick={onRemove}>
        Remove it<span className="visually-hidden">: {name}</span>
      </button>
    </p>
  );
}

function PriceNews({ checked }: { checked: CheckedLine }) {
  const { line, price } = checked;
  if (price === line.price) return null;
  const change = `The price ${price > line.price ? "rose" : "fell"} from ${money(line.price)} to ${money(price)}.`;
  return (
    <p className={needsConsent(checked) ? "news news-trouble" : "news"}>
      <span>{change}</span>
      <button type="button" className="btn btn-quiet" onClick={() => cartActions.change(line.slug, { price })}>
        {needsConsent(checked) ? `Take it for ${money(price)}` : "OK"}
        <span className="visually-hidden">: {title(line.name)}</span>
      </button>
    </p>
  );
}
