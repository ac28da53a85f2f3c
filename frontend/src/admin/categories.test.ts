import { expect, test } from "vitest";
import { finished, NONE, suggestions, withCategory } from "./categories";

const KNOWN = ["electronics", "kitchen", "furniture", "garden furniture"];
const picked = (text: string, ...chosen: string[]) => ({ chosen, text });

test("all known ones are suggested before anything is typed", () => {
  expect(suggestions(KNOWN, NONE)).toEqual(KNOWN);
});

test("what begins with the text comes before what only has it; case and spaces around do not count", () => {
  expect(suggestions(["garden furniture", "furniture", "kitchen"], picked(" FUR "))).toEqual([
    "furniture",
    "garden furniture",
  ]);
});

test("what is chosen is not suggested again", () => {
  expect(suggestions(KNOWN, picked("k", "kitchen"))).toEqual([]);
});

test("a category is chosen once, and the text is used up", () => {
  expect(withCategory(picked("kit", "garden"), "kitchen")).toEqual(picked("", "garden", "kitchen"));
  expect(withCategory(picked("kit", "kitchen"), "kitchen")).toEqual(picked("", "kitchen"));
});

test("a known one that is typed out counts as chosen", () => {
  expect(finished(KNOWN, picked(" Kitchen", "furniture"))).toEqual(["furniture", "kitchen"]);
  expect(finished(KNOWN, NONE)).toEqual([]);
});

test("what is typed and not known is told, and never left out silently", () => {
  expect(finished(KNOWN, picked("Kit"))).toBe("“kit” is not chosen yet. Choose a category of the list, or create it.");
});

test("a product is in at most 20", () => {
  const many = Array.from({ length: 20 }, (_, number) => `category ${number}`);
  expect(finished(KNOWN, picked("", ...many))).toEqual(many);
  expect(finished(KNOWN, picked("kitchen", ...many))).toBe("A product is in at most 20 categories.");
});
