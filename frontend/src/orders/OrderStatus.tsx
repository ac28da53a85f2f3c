import type { Order } from "../api/client";
import { CheckIcon, ClockIcon, CrossIcon } from "../components/icons";

const SIGNS = {
  PENDING: { word: "Pending", Icon: ClockIcon },
  ACCEPTED: { word: "Accepted", Icon: CheckIcon },
  REJECTED: { word: "Rejected", Icon: CrossIcon },
};

/** Orange, green or red, and a word and a sign that say the same. */
export function OrderStatus({ status }: Pick<Order, "status">) {
  const { word, Icon } = SIGNS[status];
  return (
    <span className="order-status">
      <Icon />
      {word}
    </span>
  );
}
