const FEW = 5;

/** In stock, only n left, or sold out. */
export function Stock({ quantity }: { quantity: number }) {
  if (quantity < 1) return <span className="stock stock-out">Sold out</span>;
  if (quantity <= FEW) return <span className="stock stock-few">Only {quantity} left</span>;
  return <span className="stock stock-in">In stock</span>;
}
