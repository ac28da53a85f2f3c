import { Link } from "react-router";
import small from "../assets/cover-640.webp";
import large from "../assets/cover-1200.webp";
import { usePageTitle } from "../components/usePageTitle";

const TITLE = "Good things, honestly counted";

export function Hero() {
  const heading = usePageTitle(TITLE);
  return (
    <section className="hero">
      <div className="container hero-row">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {TITLE}
          </h1>
          <p>
            Well-made things for the kitchen, the desk, the garden and the sofa. If it says in stock, it is: no order is
            accepted that we can’t send.
          </p>
          <div className="hero-actions">
            <Link className="btn btn-primary" to="/products">
              See all products
            </Link>
            <Link className="btn btn-quiet" to="/orders">
              Your orders
            </Link>
          </div>
        </div>
        <img
          className="hero-picture"
          src={small}
          srcSet={`${small} 640w, ${large} 1200w`}
          sizes="(min-width: 1200px) 620px, (min-width: 768px) 50vw, 94vw"
          width="1200"
          height="630"
          alt="A shelf with a teapot, an atlas, a bear, a coffee grinder and a loudspeaker"
          fetchPriority="high"
        />
      </div>
    </section>
  );
}
