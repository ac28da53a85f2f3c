/** The categories that are chosen, and what is typed and not chosen yet. */
export interface Picked {
  chosen: readonly string[];
  text: string;
}

export const NONE: Picked = { chosen: [], text: "" };
export const MOST_CATEGORIES = 20;

/** The API keeps names in lower case. */
export function categoryName(text: string): string {
  return text.trim().toLowerCase();
}

/** The known ones that `picked` may still have, those that begin with what is typed first. */
export function suggestions(known: readonly string[], { chosen, text }: Picked): string[] {
  const name = categoryName(text);
  const fitting = known.filter((k) => k.includes(name) && !chosen.includes(k));
  return [...fitting.filter((k) => k.startsWith(name)), ...fitting.filter((k) => !k.startsWith(name))];
}

export function withCategory({ chosen }: Picked, name: string): Picked {
  return { chosen: chosen.includes(name) ? chosen : [...chosen, name], text: "" };
}

/** What is to be sent: what is typed counts if it is known. Otherwise an error in words. */
export function finished(known: readonly string[], picked: Picked): readonly string[] | string {
  const name = categoryName(picked.text);
  if (name && !known.includes(name)) return `“${name}” is not chosen yet. Choose a category of the list, or create it.`;
  const { chosen } = name ? withCategory(picked, name) : picked;
  return chosen.length > MOST_CATEGORIES ? `A product is in at most ${MOST_CATEGORIES} categories.` : chosen;
}
