import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { categoriesQuery } from "../api/queries";
import { Field } from "../forms/Field";
import { title } from "../lib/format";
import { ChosenCategories } from "./ChosenCategories";
import { categoryName, type Picked, suggestions, withCategory } from "./categories";
import { NewCategory } from "./NewCategory";
import { Suggestions } from "./Suggestions";
import { useCombobox } from "./useCombobox";

interface Props {
  picked: Picked;
  onPick: (picked: Picked) => void;
  error?: ReactNode;
}

/** The categories of a product: known ones are suggested as the admin types, and new ones can be created. */
export function CategoriesField({ picked, onPick, error }: Props) {
  const { data: known = [] } = useQuery(categoriesQuery);
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [said, setSaid] = useState("");

  const names = known.map((category) => category.name);
  const typed = categoryName(picked.text);
  const fitting = suggestions(names, picked);
  const isNew = typed !== "" && !names.includes(typed) && !picked.chosen.includes(typed);
  const options = isNew ? [...fitting, typed] : fitting;
  const combobox = useCombobox(options.length, (index) => pick(options[index] ?? ""));

  function pick(name: string) {
    combobox.close();
    if (!names.includes(name) && !picked.chosen.includes(name)) return setAsking(name);
    onPick(withCategory(picked, name));
    setSaid(`${title(name)} is chosen.`);
  }

  function remove(name: string) {
    onPick({ ...picked, chosen: picked.chosen.filter((other) => other !== name) });
    setSaid(`${title(name)} is removed.`);
    input.current?.focus();
  }

  function created(name: string) {
    void queries.invalidateQueries({ queryKey: categoriesQuery.queryKey });
    onPick(withCategory(picked, name));
    setSaid(`${title(name)} is created and chosen.`);
    answered();
  }

  function answered() {
    setAsking(null);
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = picked.chosen.at(-1);
    if (combobox.onKey(event)) return;
    if (event.key === "Enter" && typed) {
      event.preventDefault();
      pick(typed);
    } else if (event.key === "Backspace" && picked.text === "" && last) {
      remove(last);
    }
  }

  return (
    <div className="categories">
      <Field
        name="categories"
        label="Categories"
        hint="Type to find one, or to create a new one. A product can be in several."
        error={error}
      >
        {(control) => (
          <>
            <ChosenCategories chosen={picked.chosen} onRemove={remove} />
            <div className="combobox">
              <input
                {...control}
                ref={input}
                type="text"
                role="combobox"
                autoComplete="off"
                aria-autocomplete="list"
                aria-expanded={combobox.shown}
                aria-controls={combobox.listId}
                aria-activedescendant={combobox.active >= 0 ? combobox.optionId(combobox.active) : undefined}
                value={picked.text}
                onChange={(event) => {
                  onPick({ ...picked, text: event.target.value });
                  combobox.open();
                }}
                onClick={combobox.open}
                onBlur={combobox.close}
                onKeyDown={onKeyDown}
              />
              <Suggestions
                combobox={combobox}
                options={options}
                isNew={(name) => isNew && name === typed}
                onPick={pick}
              />
            </div>
          </>
        )}
      </Field>
      {asking && <NewCategory key={asking} name={asking} onCreated={created} onCancel={answered} />}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}
