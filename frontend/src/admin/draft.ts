/** A product as it is typed, and what can be said about it before the API is asked. */
import { type FieldErrors, typed } from "../forms/useSubmit";

/** The price is text, as nothing is lost so. */
export interface Draft {
  name: string;
  description: string;
  price: string;
  quantity: number;
}

export const LONGEST_DESCRIPTION = 5000;
const LONGEST_NAME = 200;
const HIGHEST_PRICE = 1_000_000;
const LARGEST_STOCK = 10_000_000;

export function draftOf(form: HTMLFormElement): Draft | FieldErrors {
  const name = typed(form, "name").trim();
  const description = typed(form, "description").trim();
  const price = typed(form, "price").trim().replace(",", ".");
  const quantity = typed(form, "quantity").trim();
  const errors: FieldErrors = {
    ...wrong("name", nameError(name)),
    ...wrong("description", descriptionError(description)),
    ...wrong("price", priceError(price)),
    ...wrong("quantity", quantityError(quantity)),
  };
  return Object.keys(errors).length > 0 ? errors : { name, description, price, quantity: Number(quantity) };
}

export function isDraft(value: Draft | FieldErrors): value is Draft {
  return typeof value.quantity === "number";
}

/** As the API counts. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function wrong(field: string, text: string | null): FieldErrors {
  return text ? { [field]: text } : {};
}

function nameError(name: string): string | null {
  if (!name) return "Give the product a name.";
  return lengthOf(name) > LONGEST_NAME ? `A name has at most ${LONGEST_NAME} characters.` : null;
}

function descriptionError(text: string): string | null {
  if (!text) return "Describe the product in a sentence or two.";
  const over = lengthOf(text) - LONGEST_DESCRIPTION;
  return over > 0 ? `This is ${over.toLocaleString("en-GB")} characters too long.` : null;
}

function priceError(price: string): string | null {
  if (!price) return "Say what it costs.";
  if (!/^\d+(\.\d{1,2})?$/.test(price)) return "A price is a number with at most two decimals, such as 24.90.";
  return Number(price) > HIGHEST_PRICE ? "A price is at most 1,000,000." : null;
}

function quantityError(quantity: string): string | null {
  if (!quantity) return "Say how many there are.";
  if (!/^\d+$/.test(quantity)) return "The number of pieces is a whole number, such as 12.";
  return Number(quantity) > LARGEST_STOCK ? "There can be at most 10,000,000 pieces." : null;
}
