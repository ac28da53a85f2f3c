import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { Product } from "../api/client";
import { store, stored } from "../lib/storage";
import { createStore } from "../lib/store";
import { add, asCart, type Cart, type CartLine, change, emptyCart, restore } from "./cart";

const KEY = "shop.cart";

/** The cart of this browser: it survives a reload, and all its tabs have the same. */
const cart = createStore<Cart>(asCart(stored(KEY)));

window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) cart.set(asCart(stored(KEY)));
});

function keep(next: Cart): void {
  store(KEY, next);
  cart.set(next);
}

const CartContext = createContext<Cart>(cart.get());

export function CartProvider({ children }: { children: ReactNode }) {
  return <CartContext value={useSyncExternalStore(cart.subscribe, cart.get)}>{children}</CartContext>;
}

export function useCart(): Cart {
  return useContext(CartContext);
}

export const cartActions = {
  add: (product: Product, pieces: number) => keep(add(cart.get(), product, pieces)),
  change: (slug: string, what: Partial<Pick<CartLine, "quantity" | "price">>) => keep(change(cart.get(), slug, what)),
  restore: (line: CartLine, at: number) => keep(restore(cart.get(), line, at)),
  /** Empty the cart that was ordered; one that changed meanwhile, in another tab, stays. */
  ordered: (key: string) => {
    if (cart.get().key === key) keep(emptyCart());
  },
};
