import { useInfiniteQuery } from "@tanstack/react-query";
import { NEWEST, productPages } from "../api/queries";
import { Categories } from "../home/Categories";
import { Hero } from "../home/Hero";
import { Highlights } from "../home/Highlights";
import { Promises } from "../home/Promises";

export function HomePage() {
  const newest = useInfiniteQuery(productPages(NEWEST));
  const products = newest.data?.pages[0]?.products;
  return (
    <>
      <Hero />
      <div className="container page">
        <Categories products={products ?? []} />
        <Highlights products={products} error={newest.error} retry={() => void newest.refetch()} />
        <Promises />
      </div>
    </>
  );
}
