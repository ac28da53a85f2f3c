/** While it is pending it stays where the focus is, and says what happens. */
export function SubmitButton({ text, pending, doing }: { text: string; pending: boolean; doing: string }) {
  return (
    <button type="submit" className="btn btn-primary" aria-disabled={pending}>
      {pending ? doing : text}
    </button>
  );
}
