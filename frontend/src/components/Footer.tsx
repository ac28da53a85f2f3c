import { Link } from "react-router";

export function Footer() {
  return (
    <footer className="site-footer">
      <div className="container site-footer-row">
        <p>The Shop. What you see in stock is in stock.</p>
        <ul>
          <li>
            <Link to="/products">All products</Link>
          </li>
          <li>
            <Link to="/orders">Your orders</Link>
          </li>
          <li>
            <a href="/api/docs">API</a>
          </li>
        </ul>
      </div>
    </footer>
  );
}
