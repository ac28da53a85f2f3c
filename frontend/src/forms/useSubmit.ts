import { type ChangeEvent, type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Unreachable } from "../api/problems";

/** What is wrong, by the names of the fields; `form` is what belongs to none of them. */
export type FieldErrors = Record<string, ReactNode>;

const TRY_AGAIN = "The shop can’t be reached right now. What you typed is still here: try again in a moment.";

interface Submission {
  /** For the <form>. */
  props: {
    ref: RefObject<HTMLFormElement | null>;
    noValidate: true;
    onSubmit: (event: FormEvent) => void;
    onChange: (event: ChangeEvent<HTMLFormElement>) => void;
  };
  errors: FieldErrors;
  pending: boolean;
}

/**
 * A form that is sent by `send`, one submission at a time. What `send` returns is shown as errors, each until
 * its field is changed, and the focus moves to what concerns the whole form, or else to the first field that has one.
 * It may throw Unreachable, or what `explain` has words for.
 */
export function useSubmit(
  send: (form: HTMLFormElement) => Promise<FieldErrors | undefined>,
  explain: (error: unknown) => FieldErrors,
): Submission {
  const form = useRef<HTMLFormElement>(null);
  const busy = useRef(false);
  const told = useRef(false);
  const [pending, setPending] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});

  useEffect(() => {
    if (!told.current) return;
    told.current = false;
    form.current?.querySelector<HTMLElement>(errors.form ? '[role="alert"]' : '[aria-invalid="true"]')?.focus();
  }, [errors]);

  async function submit() {
    if (!form.current || busy.current) return;
    busy.current = true;
    setPending(true);
    try {
      tell((await send(form.current)) ?? {});
    } catch (error) {
      tell(error instanceof Unreachable ? { form: TRY_AGAIN } : explain(error));
    } finally {
      busy.current = false;
      setPending(false);
    }
  }

  function tell(wrong: FieldErrors) {
    told.current = true;
    setErrors(wrong);
  }

  function onChange({ target }: ChangeEvent<HTMLFormElement>) {
    if (errors[target.name]) setErrors({ ...errors, [target.name]: null });
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    void submit();
  }

  return { props: { ref: form, noValidate: true, onSubmit, onChange }, errors, pending };
}

/** What was typed into the field `name`. */
export function typed(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? "");
}
