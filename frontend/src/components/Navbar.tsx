import { useEffect, useId, useState } from "react";
import { Link, NavLink, useLocation, useNavigate } from "react-router";
import { useAccount } from "../auth/AuthContext";
import { signOut } from "../auth/session";
import { useCart } from "../cart/CartContext";
import { pieces } from "../cart/cart";
import { count } from "../lib/format";
import { notify } from "../lib/notices";
import { BagIcon, MenuIcon, ShelfMark } from "./icons";

export function Navbar() {
  const account = useAccount();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const menu = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the menu.
  useEffect(() => setOpen(false), [pathname]);
  return (
    <header className="site-header">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <nav className="container site-nav" aria-label="Main">
        <Link to="/" className="brand">
          <ShelfMark />
          The Shop
        </Link>
        <button
          type="button"
          className="nav-toggle"
          aria-expanded={open}
          aria-controls={menu}
          aria-label="Menu"
          onClick={() => setOpen(!open)}
        >
          <MenuIcon />
        </button>
        <ul id={menu} className={open ? "nav-links open" : "nav-links"}>
          <Item to="/" end text="Home" />
          <Item to="/products" text="Products" />
          <Item to="/orders" text="Orders" />
          {account?.role === "admin" && <Item to="/add-product" text="Add product" />}
          <li className="nav-gap" />
          {account ? <SignedIn email={account.email} /> : <Visitor />}
        </ul>
        <CartLink />
      </nav>
    </header>
  );
}

function Item({ to, text, end = false }: { to: string; text: string; end?: boolean }) {
  return (
    <li>
      <NavLink to={to} end={end} className="nav-item-link">
        {text}
      </NavLink>
    </li>
  );
}

function Visitor() {
  return (
    <>
      <Item to="/login" text="Login" />
      <Item to="/register" text="Register" />
    </>
  );
}

function SignedIn({ email }: { email: string }) {
  const navigate = useNavigate();
  async function leave() {
    try {
      await signOut();
      notify("You are signed out.");
      await navigate("/");
    } catch {
      notify("You are still signed in: the shop can’t be reached right now. Try again in a moment.");
    }
  }
  return (
    <>
      <li className="nav-account" title={email}>
        {email}
      </li>
      <li>
        <button type="button" className="nav-item-link" onClick={() => void leave()}>
          Logout
        </button>
      </li>
    </>
  );
}

function CartLink() {
  const number = pieces(useCart());
  return (
    <NavLink to="/shopping-cart" className="cart-link" aria-label={`Cart, ${count(number, "piece")}`}>
      <BagIcon />
      <span className="cart-link-text">Cart</span>
      {number > 0 && <span className="cart-count">{number}</span>}
    </NavLink>
  );
}
