import { expect, test } from "vitest";
import { reason } from "./reason";

test.each([
  [{ name: "desk lamp", left: 0 }, "Desk lamp was sold out when your order was decided."],
  [{ name: "laptop", left: 1 }, "Laptop: only 1 was left when your order was decided."],
  [{ name: "chair", left: 4 }, "Chair: only 4 were left when your order was decided."],
  [null, "There was not enough left when your order was decided."],
])("%j: %s", (lacking, words) => {
  expect(reason({ lacking })).toBe(words);
});
