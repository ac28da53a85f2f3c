import { useEffect, useRef, useState } from "react";
import type { Product } from "../api/client";
import { SubmitButton } from "../forms/SubmitButton";
import { type FieldErrors, useSubmit } from "../forms/useSubmit";
import { title } from "../lib/format";
import { PictureField } from "./PictureField";
import { type Chosen, choose } from "./picture";
import { pictureError } from "./refusals";
import { sendPicture } from "./sending";

interface Props {
  product: Product;
  file: File;
  /** Why the picture did not arrive. */
  reason: string;
  onSent: () => void;
  onLeave: () => void;
}

/** The product is in the shop, its picture is not: try again, with this one or another. */
export function PictureAgain({ product, file, reason, onSent, onLeave }: Props) {
  const name = title(product.name);
  const box = useRef<HTMLDivElement>(null);
  const [picture, setPicture] = useState<Chosen | null>(choose(file));
  const [failed, setFailed] = useState<{ file: File; reason: string } | null>(null);
  const { props, pending } = useSubmit(send, (error) => ({ picture: pictureError(error) }));

  async function send(): Promise<FieldErrors | undefined> {
    if (!picture || picture.problem) return { picture: picture?.problem };
    try {
      await sendPicture(product.slug, picture.file);
    } catch (error) {
      setFailed({ file: picture.file, reason: pictureError(error) });
      return { picture: true };
    }
    onSent();
  }

  useEffect(() => box.current?.focus(), []);
  return (
    <form {...props} className="product-form">
      <div ref={box} className="form-error" role="alert" tabIndex={-1}>
        “{name}” is in the shop, but its picture is not: {reason}
      </div>
      <PictureField
        chosen={picture}
        onChoose={setPicture}
        alt={name}
        error={failed?.file === picture?.file && failed?.reason}
      />
      <div className="form-buttons">
        <SubmitButton text="Send the picture" pending={pending} doing="Sending the picture…" />
        <button type="button" className="btn btn-quiet" onClick={onLeave}>
          Leave it without a picture
        </button>
      </div>
    </form>
  );
}
