import { type KeyboardEvent, useId, useState } from "react";

interface Combobox {
  listId: string;
  optionId: (index: number) => string;
  shown: boolean;
  /** The option that Enter would pick; -1 for none. */
  active: number;
  open: () => void;
  close: () => void;
  /** Returns whether the key was the list's. */
  onKey: (event: KeyboardEvent) => boolean;
}

/**
 * The keyboard of a text field with a list of `count` suggestions, after the combobox pattern of the WAI-ARIA
 * Authoring Practices: the focus stays in the field, the arrows go through the list, Enter picks, Escape closes.
 */
export function useCombobox(count: number, pick: (index: number) => void): Combobox {
  const id = useId();
  const [opened, setOpened] = useState(false);
  const [at, setAt] = useState(-1);
  const shown = opened && count > 0;
  const active = shown && at < count ? at : -1;

  function open() {
    setOpened(true);
    setAt(-1);
  }

  function close() {
    setOpened(false);
    setAt(-1);
  }

  function move(to: number) {
    setOpened(true);
    setAt((to + count) % Math.max(count, 1));
  }

  function onKey(event: KeyboardEvent): boolean {
    if (event.key === "ArrowDown") {
      if (event.altKey) open();
      else move(active + 1);
    } else if (event.key === "ArrowUp") {
      if (event.altKey) close();
      else move(active < 0 ? count - 1 : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      pick(active);
    } else if (event.key === "Escape" && shown) {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  return { listId: `${id}-list`, optionId: (index) => `${id}-${index}`, shown, active, open, close, onKey };
}
