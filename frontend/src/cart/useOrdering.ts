import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { ordersQuery } from "../api/queries";
import type { Account } from "../auth/account";
import { orderNumber } from "../lib/format";
import { notify } from "../lib/notices";
import { merged } from "../orders/merge";
import { cartActions } from "./CartContext";
import type { Cart } from "./cart";
import { isRefusal, place } from "./placing";

/** Orders a cart of `account` and leads to the orders. `variables` is the cart, as long as it is on its way. */
export function useOrdering(account: Account | null) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ordering = useMutation({
    mutationFn: (cart: Cart) => place(cart),
    onSuccess: (order, cart) => {
      if (account) queries.setQueryData(ordersQuery(account.email).queryKey, (known) => merged(known ?? [], [order]));
      cartActions.ordered(cart.key);
      notify(`Order ${orderNumber(order.id)} is placed.`);
    },
    onError: (error) => {
      if (isRefusal(error)) void queries.refetchQueries({ queryKey: ["product"], type: "active" });
    },
  });
  return {
    ...ordering,
    /** Lead to the orders only who is still here to be led. */
    order: (cart: Cart) => ordering.mutate(cart, { onSuccess: () => void navigate("/orders") }),
  };
}
