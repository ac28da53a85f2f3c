import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../api/queries";
import { json, network, noAnswer, problem } from "../testing/network";
import { CategoriesField } from "./CategoriesField";
import { NONE } from "./categories";

const KNOWN = ["electronics", "kitchen", "furniture"];
let created: () => Response;
let sent: string[];
const bodies: unknown[] = [];

function Form({ onSubmit }: { onSubmit: () => void }) {
  const [picked, setPicked] = useState(NONE);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <CategoriesField picked={picked} onPick={setPicked} />
      <button type="submit">Send</button>
    </form>
  );
}

async function show() {
  const onSubmit = vi.fn();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Form onSubmit={onSubmit} />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(sent).toEqual(["GET /api/categories"]));
  return { user: userEvent.setup(), onSubmit };
}

const field = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Categories" });
const options = () => screen.queryAllByRole("option").map((option) => option.textContent);
const chosen = () => screen.queryAllByRole("button", { name: /^Remove/ }).map((b) => b.getAttribute("aria-label"));
const active = () => document.getElementById(field().getAttribute("aria-activedescendant") ?? "")?.textContent;

beforeEach(() => {
  created = () => json(201, { name: "garden" });
  bodies.length = 0;
  sent = network(async (request) => {
    if (request.method === "GET") return json(200, { categories: KNOWN.map((name) => ({ name })) });
    bodies.push(await request.json());
    return created();
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("the arrows go through the list and round, Enter picks, and the focus stays in the field", async () => {
  const { user, onSubmit } = await show();
  await user.click(field());
  expect(options()).toEqual(["Electronics", "Kitchen", "Furniture"]);
  expect([field().getAttribute("aria-expanded"), active()]).toEqual(["true", undefined]);
  await user.keyboard("{ArrowDown}");
  expect(active()).toBe("Electronics");
  await user.keyboard("{ArrowUp}");
  expect(active()).toBe("Furniture");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(active()).toBe("Kitchen");
  await user.keyboard("{Enter}");
  expect(chosen()).toEqual(["Remove Kitchen"]);
  expect([field().value, field().getAttribute("aria-expanded"), document.activeElement]).toEqual([
    "",
    "false",
    field(),
  ]);
  expect(screen.getByRole("status").textContent).toBe("Kitchen is chosen.");
  await user.keyboard("{ArrowDown}");
  expect(options()).toEqual(["Electronics", "Furniture"]);
  expect(onSubmit).not.toHaveBeenCalled();
});

test("typing narrows the list; Escape closes it and keeps the text", async () => {
  const { user } = await show();
  await user.type(field(), "ni");
  expect(options()).toEqual(["Electronics", "Furniture", "Create “Ni”…"]);
  await user.keyboard("{ArrowDown}{Escape}");
  expect([field().getAttribute("aria-expanded"), field().value, active()]).toEqual(["false", "ni", undefined]);
});

test("a name that is typed out is chosen by Enter, and nothing is sent", async () => {
  const { user, onSubmit } = await show();
  await user.type(field(), "KITCHEN{Enter}");
  expect(chosen()).toEqual(["Remove Kitchen"]);
  expect(onSubmit).not.toHaveBeenCalled();
  expect(sent).toEqual(["GET /api/categories"]);
});

test("Enter in an empty field is the form's", async () => {
  const { user, onSubmit } = await show();
  await user.type(field(), "{Enter}");
  expect(onSubmit).toHaveBeenCalledOnce();
});

test("chips are removed by their button, or by Backspace in the empty field", async () => {
  const { user } = await show();
  await user.type(field(), "kitchen{Enter}furniture{Enter}electronics{Enter}");
  await user.click(screen.getByRole("button", { name: "Remove Furniture" }));
  expect(chosen()).toEqual(["Remove Kitchen", "Remove Electronics"]);
  expect(document.activeElement).toBe(field());
  await user.keyboard("{Backspace}");
  expect(chosen()).toEqual(["Remove Kitchen"]);
  expect(screen.getByRole("status").textContent).toBe("Electronics is removed.");
});

test("an option can be clicked, and the focus stays in the field", async () => {
  const { user } = await show();
  await user.click(field());
  await user.click(screen.getByRole("option", { name: "Furniture" }));
  expect(chosen()).toEqual(["Remove Furniture"]);
  expect(document.activeElement).toBe(field());
});

test("a new category is created only after a question, then chosen, and the list is asked for anew", async () => {
  const { user } = await show();
  await user.type(field(), "Garden{ArrowDown}");
  expect(active()).toBe("Create “Garden”…");
  await user.keyboard("{Enter}");
  expect(screen.getByRole("group", { name: "There is no category “Garden” yet. Create it?" })).toBeTruthy();
  expect([sent.length, chosen()]).toEqual([1, []]);
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Create “Garden”" }));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(chosen()).toEqual(["Remove Garden"]));
  expect(bodies).toEqual([{ name: "garden" }]);
  expect(sent).toEqual(["GET /api/categories", "POST /api/categories", "GET /api/categories"]);
  expect(screen.queryByRole("group")).toBeNull();
  expect(document.activeElement).toBe(field());
});

test("who does not want to create it goes back to the field, and nothing was sent", async () => {
  const { user } = await show();
  await user.type(field(), "garden{Enter}");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.queryByRole("group")).toBeNull();
  expect([document.activeElement, field().value, sent.length, chosen()]).toEqual([field(), "garden", 1, []]);
});

test("one that somebody else created meanwhile is chosen", async () => {
  created = () => problem(400, "Category already exists");
  const { user } = await show();
  await user.type(field(), "garden{Enter}{Enter}");
  await waitFor(() => expect(chosen()).toEqual(["Remove Garden"]));
});

test.each([
  [noAnswer, "The shop could not be reached. Try again."],
  [() => problem(422, "body/name: too long", [{ pointer: "/name", detail: "too long" }]), "too long"],
  [
    () => problem(401, "Token expired"),
    "Your session has ended. Sign in again in another tab, then go on here: nothing is lost.",
  ],
])("what keeps it from being created is told, and it can be tried again", async (fails, text) => {
  created = fails;
  const { user } = await show();
  await user.type(field(), "garden{Enter}{Enter}");
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(text));
  expect(chosen()).toEqual([]);
  created = () => json(201, { name: "garden" });
  await user.click(screen.getByRole("button", { name: "Create “Garden”" }));
  await waitFor(() => expect(chosen()).toEqual(["Remove Garden"]));
});
