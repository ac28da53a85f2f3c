/** A refusal of the API in words, beside the field that it belongs to. */
import { Refused, Unreachable } from "../api/problems";
import type { FieldErrors } from "../forms/useSubmit";

export const NAME_TAKEN = "Product already exists";
const CATEGORY_GONE = "The requested category does not exist.";
export const CATEGORY_THERE = "Category already exists";

const SIGN_IN_AGAIN = "Your session has ended. Sign in again in another tab, then go on here: nothing is lost.";
const FIELDS = new Set(["name", "description", "price", "quantity", "categories"]);

export function productErrors(error: unknown): FieldErrors {
  if (!(error instanceof Refused)) return { form: "Something went wrong in this page. Try again." };
  if (error.message === NAME_TAKEN) return { name: "There is a product of this name already. Choose another name." };
  if (error.message === CATEGORY_GONE) return { categories: "One of these categories is gone. Choose again." };
  if (error.status === 401) return { form: SIGN_IN_AGAIN };
  if (error.status === 403) return { form: "Your account may not add products any more." };
  const errors: FieldErrors = {};
  for (const { pointer, detail } of error.fields) {
    // Such as /product/price, or /product/categories/0
    const field = pointer.split("/")[2] ?? "";
    if (FIELDS.has(field)) errors[field] ??= `${detail}.`;
  }
  return Object.keys(errors).length > 0 ? errors : { form: error.message };
}

export function categoryError(error: unknown): string {
  if (error instanceof Unreachable) return "The shop could not be reached. Try again.";
  if (!(error instanceof Refused)) return "Something went wrong in this page.";
  if (error.status === 401) return SIGN_IN_AGAIN;
  return error.fields[0]?.detail ?? error.message;
}

export function pictureError(error: unknown): string {
  if (error instanceof Unreachable) return "The shop could not be reached.";
  if (!(error instanceof Refused)) return "Something went wrong in this page.";
  if (error.status === 401) return SIGN_IN_AGAIN;
  return error.message.endsWith(".") ? error.message : `${error.message}.`;
}
