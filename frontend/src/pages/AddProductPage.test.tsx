import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "../auth/session";
import { described } from "../testing/described";
import { json, network, noAnswer, problem, tokenOf } from "../testing/network";
import { open } from "../testing/pages";
import { AddProductPage } from "./AddProductPage";

const ADMIN = { email: "admin@example.test", role: "admin" } as const;
const LAMP = {
  name: "desk lamp",
  slug: "desk-lamp",
  description: "Bright.",
  price: 24.9,
  quantity: 12,
  categories: ["kitchen"],
  picture: null,
};
const PICTURE = new File([new Uint8Array([137, 80, 78, 71])], "lamp.png", { type: "image/png" });

/** What the API answers next, by method and path. */
let answers: Record<string, () => Response>;
let sent: string[];
let bodies: unknown[];

beforeEach(() => {
  bodies = [];
  answers = {
    "POST /api/refresh": () => json(200, { access_token: tokenOf(ADMIN) }),
    "GET /api/categories": () => json(200, { categories: [{ name: "kitchen" }, { name: "furniture" }] }),
    "POST /api/products": () => json(201, LAMP),
    "PUT /api/products/desk-lamp/picture": () => json(200, LAMP),
    "GET /api/products": () => json(200, { products: [LAMP], next: null }),
  };
  sent = network(async (request) => {
    const line = `${request.method} ${new URL(request.url).pathname}`;
    if (line === "POST /api/products") bodies.push(await request.json());
    if (request.method === "PUT") bodies.push([request.headers.get("Content-Type"), (await request.blob()).size]);
    return answers[line]?.() ?? problem(404, "Endpoint not found!");
  });
});
afterEach(() => {
  cleanup();
  act(() => session.set({ account: null, ended: false }));
  vi.unstubAllGlobals();
});

async function openForm() {
  session.set({ account: ADMIN, ended: false });
  const page = open("/add-product", { "/add-product": <AddProductPage /> });
  await waitFor(() => expect(sent).toContain("GET /api/categories"));
  return page;
}

type Page = Awaited<ReturnType<typeof openForm>>;

async function fillIn({ user }: Page) {
  await user.type(field("Name"), "Desk Lamp");
  await user.type(field("Description"), "Bright.");
  await user.type(field("Price in €"), "24,90");
  await user.type(field("Pieces in stock"), "12");
  await user.type(field("Categories"), "kitchen{Enter}");
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: "input, textarea" });
const picture = () => screen.getByLabelText<HTMLInputElement>(/^Picture/);
const button = () => screen.getByRole("button", { name: "Add the product" });
const changes = () => sent.filter((line) => /^(POST|PUT) \/api\/products/.test(line));
const notice = () => screen.getAllByRole("status").map((region) => region.textContent);

test("a visitor is asked to sign in, and comes back", () => {
  open("/add-product", { "/add-product": <AddProductPage /> });
  expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/login?then=/add-product");
  expect(screen.queryByLabelText("Name")).toBeNull();
});

test("who is no admin is told so politely", () => {
  session.set({ account: { email: "ann@example.test", role: "user" }, ended: false });
  open("/add-product", { "/add-product": <AddProductPage /> });
  expect(screen.getByRole("heading", { name: "This page is for the shop’s staff" })).toBeTruthy();
  expect(screen.queryByLabelText("Name")).toBeNull();
});

test("a product is sent as typed, then its picture as it is; the next form is ready, and lists are asked anew", async () => {
  const page = await openForm();
  page.queries.setQueryData(["products", {}], "as it was");
  await fillIn(page);
  await page.user.upload(picture(), PICTURE);
  expect(screen.getByRole<HTMLImageElement>("img", { name: "Desk Lamp" }).src).toMatch(/^blob:/);
  await page.user.click(button());
  await waitFor(() => expect(notice()[0]).toBe("“Desk lamp” is in the shop. See how it looks"));
  expect(changes()).toEqual(["POST /api/products", "PUT /api/products/desk-lamp/picture"]);
  expect(bodies).toEqual([
    { product: { name: "Desk Lamp", description: "Bright.", price: "24.90", quantity: 12, categories: ["kitchen"] } },
    ["image/png", 4],
  ]);
  expect(screen.getByRole("link", { name: "See how it looks" }).getAttribute("href")).toBe("/products/desk-lamp");
  expect([field("Name").value, field("Description").value, document.activeElement]).toEqual(["", "", field("Name")]);
  expect(screen.queryByRole("img")).toBeNull();
  expect(page.queries.getQueryState(["products", {}])?.isInvalidated).toBe(true);
});

test("a picture is optional", async () => {
  const page = await openForm();
  await fillIn(page);
  await page.user.click(button());
  await waitFor(() => expect(notice()[0]).toMatch("is in the shop"));
  expect(changes()).toEqual(["POST /api/products"]);
});

test("what is missing is said beside each field, the first gets the focus, and nothing is sent", async () => {
  const page = await openForm();
  await page.user.type(field("Categories"), "kit");
  await page.user.click(button());
  expect(
    ["Name", "Description", "Price in €", "Pieces in stock", "Categories"].map((l) => described(field(l))),
  ).toEqual([
    "Give the product a name.",
    "Describe the product in a sentence or two. 0 of 5,000 characters",
    "Say what it costs.",
    "Say how many there are.",
    "“kit” is not chosen yet. Choose a category of the list, or create it. Type to find one, or to create a new one. A product can be in several.",
  ]);
  expect(document.activeElement).toBe(field("Name"));
  expect(changes()).toEqual([]);
});

test("the description's length is counted as the API counts", async () => {
  const page = await openForm();
  await page.user.type(field("Description"), " a🪑 ");
  expect(described(field("Description"))).toBe("2 of 5,000 characters");
});

test("what the API says of a field stands beside that field, and what was typed stays", async () => {
  answers["POST /api/products"] = () =>
    problem(422, "…", [
      { pointer: "/product/price", detail: "Input should be less" },
      { pointer: "/product/categories/0", detail: "must not be empty" },
    ]);
  const page = await openForm();
  await fillIn(page);
  await page.user.click(button());
  await waitFor(() => expect(described(field("Price in €"))).toBe("Input should be less."));
  expect(described(field("Categories"))).toMatch(/^must not be empty\./);
  expect(document.activeElement).toBe(field("Price in €"));
  expect([field("Name").value, field("Price in €").value]).toEqual(["Desk Lamp", "24,90"]);
});

test.each([
  [400, "Product already exists", "Name", "There is a product of this name already. Choose another name."],
  [404, "The requested category does not exist.", "Categories", "One of these categories is gone. Choose again."],
])("%i %s is said beside %s", async (status, detail, label, text) => {
  answers["POST /api/products"] = () => problem(status, detail);
  const page = await openForm();
  await fillIn(page);
  await page.user.click(button());
  await waitFor(() => expect(described(field(label)).startsWith(text)).toBe(true));
  expect(document.activeElement).toBe(field(label));
});

test.each([
  [noAnswer, "The shop can’t be reached right now. What you typed is still here: try again in a moment."],
  [() => problem(403, "You have no access to this resource!"), "Your account may not add products any more."],
  [() => problem(408, "Too slow"), "Too slow"],
])("what belongs to no field is said above the form", async (fails, text) => {
  answers["POST /api/products"] = fails;
  const page = await openForm();
  await fillIn(page);
  await page.user.click(button());
  expect((await screen.findByRole("alert")).textContent).toBe(text);
  expect(field("Name").value).toBe("Desk Lamp");
});

test("after a lost answer, the product that the lost try made is taken for ours", async () => {
  answers["POST /api/products"] = noAnswer;
  const page = await openForm();
  await fillIn(page);
  await page.user.upload(picture(), PICTURE);
  await page.user.click(button());
  await screen.findByRole("alert");
  answers["POST /api/products"] = () => problem(400, "Product already exists");
  await page.user.click(button());
  await waitFor(() => expect(notice()[0]).toMatch("“Desk lamp” is in the shop."));
  expect(changes().at(-1)).toBe("PUT /api/products/desk-lamp/picture");
});

test.each([{ description: "Another." }, { price: 25 }])(
  "after a lost answer, somebody else's product of that name is not taken for ours",
  async (other) => {
    answers["POST /api/products"] = noAnswer;
    answers["GET /api/products"] = () => json(200, { products: [{ ...LAMP, ...other }], next: null });
    const page = await openForm();
    await fillIn(page);
    await page.user.click(button());
    await screen.findByRole("alert");
    answers["POST /api/products"] = () => problem(400, "Product already exists");
    await page.user.click(button());
    await waitFor(() => expect(described(field("Name"))).toMatch("There is a product of this name already."));
  },
);

test("a file that is no picture is refused beside the field, and keeps the product from being sent", async () => {
  const page = await openForm();
  await fillIn(page);
  fireEvent.change(picture(), { target: { files: [new File(["%PDF"], "lamp.pdf", { type: "application/pdf" })] } });
  expect(described(picture())).toMatch(/^Choose a JPEG, PNG, WebP or GIF picture\./);
  await page.user.click(button());
  expect(document.activeElement).toBe(picture());
  expect(changes()).toEqual([]);
  await page.user.click(screen.getByRole("button", { name: "Remove" }));
  await page.user.click(button());
  await waitFor(() => expect(changes()).toEqual(["POST /api/products"]));
});

test("a picture that the browser can't show is refused", async () => {
  const page = await openForm();
  await page.user.upload(picture(), PICTURE);
  fireEvent.error(screen.getByRole("img"));
  expect(described(picture())).toMatch(/^This file can’t be shown as a picture\. Choose another\./);
  expect(screen.queryByRole("img")).toBeNull();
});

test("a picture can be dropped; beside its place the browser does not leave the page for it", async () => {
  await openForm();
  const place = picture().closest(".picture-drop");
  if (!place) throw new Error("there is no place to drop on");
  fireEvent.drop(place, { dataTransfer: { files: [PICTURE] } });
  expect(screen.getByText("lamp.png")).toBeTruthy();
  expect(fireEvent.dragOver(document.body)).toBe(false);
  expect(fireEvent.drop(document.body)).toBe(false);
});

test.each([
  [noAnswer, "The shop could not be reached."],
  [() => problem(413, "A picture may have at most 5 MiB"), "A picture may have at most 5 MiB."],
  [() => problem(415, "This is not a picture"), "This is not a picture."],
])(
  "a picture that does not arrive: the product is there, and the picture alone is tried again",
  async (fails, reason) => {
    answers["PUT /api/products/desk-lamp/picture"] = fails;
    const page = await openForm();
    await fillIn(page);
    await page.user.upload(picture(), PICTURE);
    await page.user.click(button());
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe(`“Desk lamp” is in the shop, but its picture is not: ${reason}`);
    expect(document.activeElement).toBe(alert);
    await page.user.click(screen.getByRole("button", { name: "Send the picture" }));
    await waitFor(() => expect(described(picture()).startsWith(reason)).toBe(true));
    answers["PUT /api/products/desk-lamp/picture"] = () => json(200, LAMP);
    await page.user.upload(picture(), new File(["other"], "other.webp", { type: "image/webp" }));
    expect(described(picture())).toBe("A JPEG, PNG, WebP or GIF of at most 5 MiB; wider than high looks best.");
    await page.user.click(screen.getByRole("button", { name: "Send the picture" }));
    await waitFor(() => expect(notice()[0]).toMatch("“Desk lamp” is in the shop."));
    expect(bodies.at(-1)).toEqual(["image/webp", 5]);
    expect(changes().filter((line) => line === "POST /api/products")).toHaveLength(1);
    expect(document.activeElement).toBe(field("Name"));
  },
);

test("the product can be left without its picture", async () => {
  answers["PUT /api/products/desk-lamp/picture"] = noAnswer;
  const page = await openForm();
  await fillIn(page);
  await page.user.upload(picture(), PICTURE);
  await page.user.click(button());
  await page.user.click(await screen.findByRole("button", { name: "Leave it without a picture" }));
  expect(notice()[0]).toMatch("“Desk lamp” is in the shop.");
  expect(field("Name").value).toBe("");
});

test("a session that ends keeps what was typed", async () => {
  const page = await openForm();
  await fillIn(page);
  answers["POST /api/products"] = () => problem(401, "Token expired");
  answers["POST /api/refresh"] = () => problem(401, "Incorrect token");
  await page.user.click(button());
  expect((await screen.findByRole("alert")).textContent).toBe(
    "Your session has ended. Sign in again in another tab, then go on here: nothing is lost.",
  );
  expect(session.get()).toEqual({ account: null, ended: true });
  expect(field("Name").value).toBe("Desk Lamp");
});
