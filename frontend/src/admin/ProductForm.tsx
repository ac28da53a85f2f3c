import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Product } from "../api/client";
import { Refused, Unreachable } from "../api/problems";
import { categoriesQuery } from "../api/queries";
import { Field } from "../forms/Field";
import { FormError } from "../forms/FormError";
import { SubmitButton } from "../forms/SubmitButton";
import { type FieldErrors, useSubmit } from "../forms/useSubmit";
import { CategoriesField } from "./CategoriesField";
import { finished, NONE } from "./categories";
import { DescriptionField } from "./DescriptionField";
import { type Draft, draftOf, isDraft } from "./draft";
import { PictureField } from "./PictureField";
import type { Chosen } from "./picture";
import { NAME_TAKEN, productErrors } from "./refusals";
import { addProduct, madeBefore } from "./sending";

interface Props {
  /** Whether the form follows another one, and takes the focus. */
  next: boolean;
  /** The product is in the shop; `picture` is to be sent next. */
  onAdded: (product: Product, picture: File | null) => Promise<void>;
}

/** Everything about a product, and the button that adds it. */
export function ProductForm({ next, onAdded }: Props) {
  const { data: known = [] } = useQuery(categoriesQuery);
  const [name, setName] = useState("");
  const [picked, setPicked] = useState(NONE);
  const [picture, setPicture] = useState<Chosen | null>(null);
  const lost = useRef(false);
  const { props, errors, pending } = useSubmit(send, productErrors);

  useEffect(() => {
    if (next) props.ref.current?.querySelector("input")?.focus();
  }, [next, props.ref]);

  async function send(element: HTMLFormElement): Promise<FieldErrors | undefined> {
    const draft = draftOf(element);
    const categories = finished(
      known.map((category) => category.name),
      picked,
    );
    if (!isDraft(draft) || typeof categories === "string" || picture?.problem) {
      return {
        ...(isDraft(draft) ? {} : draft),
        ...(typeof categories === "string" ? { categories } : {}),
        picture: picture?.problem,
      };
    }
    await onAdded(await added(draft, [...categories]), picture?.file ?? null);
  }

  async function added(draft: Draft, categories: string[]): Promise<Product> {
    try {
      return await addProduct(draft, categories);
    } catch (error) {
      const made = lost.current && error instanceof Refused && error.message === NAME_TAKEN;
      lost.current ||= error instanceof Unreachable;
      const product = made ? await madeBefore(draft) : null;
      if (product) return product;
      throw error;
    }
  }

  return (
    <form {...props} className="product-form">
      <FormError>{errors.form}</FormError>
      <Field name="name" label="Name" error={errors.name}>
        {(control) => (
          <input {...control} type="text" autoComplete="off" required onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <DescriptionField error={errors.description} />
      <div className="field-row">
        <Field name="price" label="Price in €" error={errors.price}>
          {(control) => <input {...control} type="text" inputMode="decimal" autoComplete="off" required />}
        </Field>
        <Field name="quantity" label="Pieces in stock" error={errors.quantity}>
          {(control) => <input {...control} type="text" inputMode="numeric" autoComplete="off" required />}
        </Field>
      </div>
      <CategoriesField picked={picked} onPick={setPicked} error={errors.categories} />
      <PictureField chosen={picture} onChoose={setPicture} alt={name} />
      <SubmitButton text="Add the product" pending={pending} doing="Adding the product…" />
    </form>
  );
}
