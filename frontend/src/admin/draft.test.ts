import { expect, test } from "vitest";
import { draftOf } from "./draft";

const GOOD = { name: " Desk Lamp ", description: " Bright. ", price: " 24,90 ", quantity: " 12 " };

function form(values: Record<string, string>): HTMLFormElement {
  const made = document.createElement("form");
  for (const [name, value] of Object.entries(values)) {
    const input = document.createElement("input");
    input.name = name;
    input.value = value;
    made.append(input);
  }
  return made;
}

test("what is typed is trimmed; a comma in the price counts as the point, and the price stays text", () => {
  expect(draftOf(form(GOOD))).toEqual({ name: "Desk Lamp", description: "Bright.", price: "24.90", quantity: 12 });
});

test.each([
  { name: "x".repeat(200) },
  { name: "🪑".repeat(200) },
  { description: "x".repeat(5000) },
  { price: "0" },
  { price: "1000000" },
  { quantity: "0" },
  { quantity: "10000000" },
])("the API's own limits are no error", (change) => {
  expect(draftOf(form({ ...GOOD, ...change }))).toHaveProperty("price");
  expect(typeof (draftOf(form({ ...GOOD, ...change })) as { quantity: unknown }).quantity).toBe("number");
});

test.each([
  [{ name: "  " }, { name: "Give the product a name." }],
  [{ name: "x".repeat(201) }, { name: "A name has at most 200 characters." }],
  [{ description: "" }, { description: "Describe the product in a sentence or two." }],
  [{ description: "x".repeat(6001) }, { description: "This is 1,001 characters too long." }],
  [{ price: "" }, { price: "Say what it costs." }],
  [{ price: "1000000.01" }, { price: "A price is at most 1,000,000." }],
  [{ quantity: "" }, { quantity: "Say how many there are." }],
  [{ quantity: "10000001" }, { quantity: "There can be at most 10,000,000 pieces." }],
  [
    { name: "", price: "free", quantity: "many" },
    {
      name: "Give the product a name.",
      price: "A price is a number with at most two decimals, such as 24.90.",
      quantity: "The number of pieces is a whole number, such as 12.",
    },
  ],
])("%o is told in words", (change, errors) => {
  expect(draftOf(form({ ...GOOD, ...change }))).toEqual(errors);
});

test.each(["-1", "1.234", "1e3", "NaN", "1,000.50", "€5", "٣"])("%s is no price", (price) => {
  expect(draftOf(form({ ...GOOD, price }))).toEqual({
    price: "A price is a number with at most two decimals, such as 24.90.",
  });
});

test.each(["-1", "1.5", "1e3", "+4", "0x10"])("%s is no number of pieces", (quantity) => {
  expect(draftOf(form({ ...GOOD, quantity }))).toEqual({
    quantity: "The number of pieces is a whole number, such as 12.",
  });
});
