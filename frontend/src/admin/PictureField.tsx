import type { ReactNode } from "react";
import { Field } from "../forms/Field";
import { type Chosen, choose, PICTURE_TYPES } from "./picture";
import { useDrop } from "./useDrop";
import { usePreview } from "./usePreview";

interface Props {
  chosen: Chosen | null;
  onChoose: (chosen: Chosen | null) => void;
  /** What the picture shows. */
  alt: string;
  error?: ReactNode;
}

/** A picture that is chosen or dropped, and shown before it is sent. */
export function PictureField({ chosen, onChoose, alt, error }: Props) {
  const { over, place } = useDrop((file) => onChoose(choose(file)));
  const preview = usePreview(chosen && !chosen.problem ? chosen.file : null);
  const undecodable = () =>
    chosen && onChoose({ ...chosen, problem: "This file can’t be shown as a picture. Choose another." });
  return (
    <Field
      name="picture"
      label="Picture (optional)"
      hint="A JPEG, PNG, WebP or GIF of at most 5 MiB; wider than high looks best."
      error={chosen?.problem ?? error}
    >
      {({ className, ...control }) => (
        <div className={over ? "picture-drop over" : "picture-drop"} {...place}>
          {preview ? (
            <img className="picture" src={preview} alt={alt || "The chosen picture"} onError={undecodable} />
          ) : (
            <p className="muted">Drop a picture here, or</p>
          )}
          <div className="picture-buttons">
            <label className="btn btn-quiet" htmlFor={control.id}>
              {chosen ? "Choose another" : "Choose a picture"}
            </label>
            <input
              {...control}
              type="file"
              accept={PICTURE_TYPES.join(",")}
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) onChoose(choose(file));
                // So that the same file can be chosen again after it was mended.
                event.target.value = "";
              }}
            />
            {chosen && (
              <button type="button" className="btn btn-quiet" onClick={() => onChoose(null)}>
                Remove
              </button>
            )}
          </div>
          {chosen && <p className="picture-name muted">{chosen.file.name}</p>}
        </div>
      )}
    </Field>
  );
}
