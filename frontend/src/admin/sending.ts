/** What an admin asks the API for. Each throws Refused or Unreachable. */
import { answered, client, type Product } from "../api/client";
import type { Draft } from "./draft";

export async function addProduct(draft: Draft, categories: string[]): Promise<Product> {
  return answered(await client.POST("/api/products", { body: { product: { ...draft, categories } } }));
}

/** The product of this name, if it is just what the draft says: then a try whose answer was lost has made it. */
export async function madeBefore({ name, description, price }: Draft): Promise<Product | null> {
  const [there] = answered(await client.GET("/api/products", { params: { query: { name } } })).products;
  return there?.description === description && there.price === Number(price) ? there : null;
}

export async function sendPicture(slug: string, file: File): Promise<Product> {
  return answered(
    await client.PUT("/api/products/{slug}/picture", {
      params: { path: { slug } },
      headers: { "Content-Type": file.type },
      body: file.name,
      bodySerializer: () => file,
    }),
  );
}

export async function addCategory(name: string): Promise<string> {
  return answered(await client.POST("/api/categories", { body: { name } })).name;
}
