import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { categoriesQuery, type Filter } from "../api/queries";
import { title } from "../lib/format";
import { paramsOf } from "./useFilter";

/** Links that narrow the list to a category, or widen it again. */
export function CategoryChips({ filter }: { filter: Filter }) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  return (
    <nav aria-label="Categories">
      <ul className="chips">
        <Chip filter={filter} category="" text="All" />
        {categories.map(({ name }) => (
          <Chip key={name} filter={filter} category={name} text={title(name)} />
        ))}
      </ul>
    </nav>
  );
}

function Chip({ filter, category, text }: { filter: Filter; category: string; text: string }) {
  const chosen = filter.category === category;
  return (
    <li>
      <Link
        className="chip"
        aria-current={chosen ? "true" : undefined}
        to={`/products?${paramsOf({ ...filter, category })}`}
        preventScrollReset
      >
        {text}
      </Link>
    </li>
  );
}
