import { type ReactNode, useState } from "react";
import { Field } from "../forms/Field";
import { LONGEST_DESCRIPTION, lengthOf } from "./draft";

const figures = new Intl.NumberFormat("en-GB");

/** What the product is, and how much of the room for it is used. */
export function DescriptionField({ error }: { error?: ReactNode }) {
  const [length, setLength] = useState(0);
  return (
    <Field
      name="description"
      label="Description"
      error={error}
      hint={`${figures.format(length)} of ${figures.format(LONGEST_DESCRIPTION)} characters`}
    >
      {(control) => (
        <textarea {...control} rows={4} required onChange={(event) => setLength(lengthOf(event.target.value.trim()))} />
      )}
    </Field>
  );
}
