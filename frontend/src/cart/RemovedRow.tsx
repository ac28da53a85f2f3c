import { useEffect, useRef } from "react";
import { title } from "../lib/format";
import type { CartLine } from "./cart";

/** Stands where a line was. Takes the focus, which was on the button that is gone. */
export function RemovedRow({ line, onUndo }: { line: CartLine; onUndo: () => void }) {
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => undo.current?.focus(), []);
  return (
    <li className="cart-removed">
      <span>{title(line.name)} is removed.</span>
      <button ref={undo} type="button" className="btn btn-quiet" onClick={onUndo}>
        Undo<span className="visually-hidden">: put {title(line.name)} back</span>
      </button>
    </li>
  );
}
