import { useEffect, useState } from "react";
import { SearchIcon } from "../components/icons";

const PAUSE_MS = 200;

/** Searches as one types, after a short pause. */
export function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const [asked, setAsked] = useState(value);
  if (value !== told) {
    setTold(value);
    // The address changed by other means than this field: a link, or the way back.
    if (value !== asked) {
      setAsked(value);
      setTyped(value);
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause, not a new onChange.
  useEffect(() => {
    if (typed.trim() === value) return;
    const pause = setTimeout(() => {
      setAsked(typed.trim());
      onChange(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(pause);
  }, [typed]);
  return (
    <div className="search">
      <SearchIcon />
      <input
        type="search"
        className="form-control"
        aria-label="Search products"
        placeholder="Search products"
        maxLength={100}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
