import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Order } from "../api/client";
import { Picture } from "../components/Picture";
import { money, title } from "../lib/format";
import { productNamed, shownBefore } from "./productNamed";

/** One line of an order. An order knows its products by name; those that are still sold are shown and linked. */
export function OrderLine({ line }: { line: Order["products"][number] }) {
  const queries = useQueryClient();
  const { data: product } = useQuery({
    ...productNamed(line.name),
    placeholderData: () => shownBefore(queries, line.name),
  });
  return (
    <li className="order-line">
      <Picture product={product ?? { picture: null }} alt="" sizes="56px" />
      <span className="order-line-name">
        {product ? (
          <Link to={`/products/${encodeURIComponent(product.slug)}`}>{title(line.name)}</Link>
        ) : (
          title(line.name)
        )}
      </span>
      <span className="order-line-price">
        {line.quantity} × {money(line.price)}
      </span>
    </li>
  );
}
