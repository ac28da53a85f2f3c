import { useEffect, useRef } from "react";
import { title } from "../lib/format";
import type { useCombobox } from "./useCombobox";

interface Props {
  combobox: ReturnType<typeof useCombobox>;
  options: readonly string[];
  isNew: (name: string) => boolean;
  onPick: (name: string) => void;
}

/** The list under a combobox. */
export function Suggestions({ combobox, options, isNew, onPick }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { active, shown } = combobox;
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div ref={list} id={combobox.listId} className="suggestions" role="listbox" aria-label="Categories" hidden={!shown}>
      {options.map((name, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are those of the field, where the focus stays.
        // biome-ignore lint/a11y/useFocusableInteractive: likewise.
        <div
          key={name}
          id={combobox.optionId(index)}
          role="option"
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(name)}
        >
          {isNew(name) ? `Create “${title(name)}”…` : title(name)}
        </div>
      ))}
    </div>
  );
}
