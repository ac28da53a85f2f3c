import { useState } from "react";
import { title } from "../lib/format";
import { cartActions } from "./CartContext";
import type { CartLine } from "./cart";
import type { CheckedLine } from "./check";
import { LineRow } from "./LineRow";
import { RemovedRow } from "./RemovedRow";

interface Removed {
  line: CartLine;
  at: number;
}

/** The lines of the cart. One that was removed leaves a way back in its place. */
export function Lines({ lines, locked }: { lines: readonly CheckedLine[]; locked: boolean }) {
  const [removed, setRemoved] = useState<Removed | null>(null);
  const [back, setBack] = useState<string | null>(null);
  const rows = lines.map((checked, at) => (
    <LineRow
      key={checked.line.slug}
      checked={checked}
      locked={locked}
      focused={checked.line.slug === back}
      onRemove={() => {
        setRemoved({ line: checked.line, at });
        cartActions.change(checked.line.slug, { quantity: 0 });
      }}
    />
  ));
  const open = removed !== null && !lines.some(({ line }) => line.slug === removed.line.slug);
  if (open) {
    const undo = () => {
      setBack(removed.line.slug);
      setRemoved(null);
      cartActions.restore(removed.line, removed.at);
    };
    rows.splice(removed.at, 0, <RemovedRow key={`${removed.line.slug}:gone`} line={removed.line} onUndo={undo} />);
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {open && `${title(removed.line.name)} is removed from your cart.`}
      </p>
      <ul className="cart-lines">{rows}</ul>
    </>
  );
}
