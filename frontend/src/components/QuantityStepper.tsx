import { useState } from "react";

interface Props {
  /** What is counted, for those who do not see what stands beside. */
  of: string;
  value: number;
  most: number;
  locked?: boolean;
  onChange: (value: number) => void;
}

/** A number of pieces from 1 to `most`, by buttons or typed. A `value` that is too high by now is shown all the same. */
export function QuantityStepper({ of, value, most, locked = false, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  function settle(number: number) {
    setTyped(null);
    if (locked) return;
    const bounded = Math.max(1, Math.min(number, most));
    if (Number.isInteger(number) && bounded !== value) onChange(bounded);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend, and this needs no more than a name.
    <div className="stepper" role="group" aria-label={`Quantity of ${of}`}>
      <Step sign="−" name={`One ${of} less`} possible={value > 1 && !locked} onClick={() => settle(value - 1)} />
      <input
        className="stepper-number"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={`Quantity of ${of}`}
        readOnly={locked}
        value={typed ?? value}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== null && settle(Number(typed || value))}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle(Number(typed || value));
          if (event.key === "Escape") setTyped(null);
          if (event.key === "ArrowUp") settle(value + 1);
          if (event.key === "ArrowDown") settle(value - 1);
        }}
      />
      <Step sign="+" name={`One ${of} more`} possible={value < most && !locked} onClick={() => settle(value + 1)} />
    </div>
  );
}

/** Stays in the order of focus when there is no further step, so that the keyboard does not lose its place. */
function Step({
  sign,
  name,
  possible,
  onClick,
}: {
  sign: string;
  name: string;
  possible: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="stepper-step"
      aria-label={name}
      aria-disabled={!possible}
      onClick={() => possible && onClick()}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
