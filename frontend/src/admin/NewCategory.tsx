import { useEffect, useId, useRef, useState } from "react";
import { Refused } from "../api/problems";
import { title } from "../lib/format";
import { CATEGORY_THERE, categoryError } from "./refusals";
import { addCategory } from "./sending";

interface Props {
  name: string;
  onCreated: (name: string) => void;
  onCancel: () => void;
}

/** Asks before a category is created: every shopper will see it. */
export function NewCategory({ name, onCreated, onCancel }: Props) {
  const id = useId();
  const yes = useRef<HTMLButtonElement>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState("");
  useEffect(() => yes.current?.focus(), []);

  async function create() {
    if (pending) return;
    setPending(true);
    try {
      onCreated(await addCategory(name));
    } catch (thrown) {
      if (thrown instanceof Refused && thrown.message === CATEGORY_THERE) return onCreated(name);
      setError(categoryError(thrown));
      setPending(false);
    }
  }

  return (
    <fieldset className="new-category" aria-describedby={id}>
      <legend>There is no category “{title(name)}” yet. Create it?</legend>
      <p id={id} className="muted">
        Every shopper will see it.
      </p>
      <p className="field-error" role="alert">
        {error}
      </p>
      <button ref={yes} type="button" className="btn btn-primary" aria-disabled={pending} onClick={() => void create()}>
        {pending ? "Creating…" : `Create “${title(name)}”`}
      </button>
      <button type="button" className="btn btn-quiet" onClick={onCancel}>
        Cancel
      </button>
    </fieldset>
  );
}
