import { expect, test } from "vitest";
import { choose } from "./picture";

const MIB = 1024 * 1024;
const file = (type: string, bytes: number) => new File([new Uint8Array(bytes)], "lamp", { type });

test.each(["image/jpeg", "image/png", "image/webp", "image/gif"])("%s of 5 MiB can be sent", (type) => {
  const chosen = file(type, 5 * MIB);
  expect(choose(chosen)).toEqual({ file: chosen, problem: null });
});

test.each([
  ["image/svg+xml", 10, "Choose a JPEG, PNG, WebP or GIF picture."],
  ["application/pdf", 10, "Choose a JPEG, PNG, WebP or GIF picture."],
  ["", 10, "Choose a JPEG, PNG, WebP or GIF picture."],
  ["image/png", 0, "This file is empty. Choose another."],
  ["image/png", 5 * MIB + 1, "This picture has 5.1 MiB, and 5 MiB are the most. Choose a smaller one."],
  ["image/png", 7.5 * MIB, "This picture has 7.5 MiB, and 5 MiB are the most. Choose a smaller one."],
])("%s of %i bytes can't", (type, bytes, problem) => {
  expect(choose(file(type, bytes)).problem).toBe(problem);
});
