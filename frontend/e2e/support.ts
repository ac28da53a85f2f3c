/** What specs do beside the page: speak to the API as somebody else, and break the shop. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { components } from "../src/api/schema";
import { expect } from "./test";

export type Product = components["schemas"]["ProductOut"];
export type Order = components["schemas"]["OrderOut"];

export interface Person {
  email: string;
  password: string;
}

export const ADMIN: Person = { email: "admin@admin.com", password: "admin@admin.com" };

/** A word that nobody has used yet. */
export function unique(prefix: string): string {
  return `${prefix} ${randomBytes(5).toString("hex")}`;
}

interface Sent {
  token?: string;
  json?: object;
  body?: Uint8Array<ArrayBuffer>;
}

/** Ask the gateway, past nginx and the page. */
export function ask(verb: string, path: string, { token, json, body }: Sent = {}): Promise<Response> {
  const headers: Record<string, string> = json ? { "Content-Type": "application/json" } : {};
  if (token) headers.Authorization = `Bearer ${token}`;
  const sent = json ? JSON.stringify(json) : body;
  return fetch(setting("SHOP_API") + path, { method: verb, headers, ...(sent ? { body: sent } : {}) });
}

/** The answer of the gateway; throws if it is a refusal. */
export async function api<T>(verb: string, path: string, sent?: Sent): Promise<T> {
  const answer = await ask(verb, path, sent);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${verb} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

export async function tokenOf({ email, password }: Person): Promise<string> {
  const { access_token } = await api<{ access_token: string }>("POST", "/login", { json: { email, password } });
  return access_token;
}

/** A customer who was never here before. */
export async function newCustomer(): Promise<Person> {
  const person = { email: `${unique("shopper").replace(" ", "-")}@example.test`, password: unique("password") };
  await api("POST", "/register", { json: person });
  return person;
}

/** Sign somebody in, in the browser of this page, which is then at the home page. */
export async function signIn(page: Page, person: Person): Promise<void> {
  const answer = await page.request.post("/api/login", { data: person });
  expect(answer.status()).toBe(200);
  const account = { email: person.email, role: person === ADMIN ? "admin" : "user" };
  await page.goto("/robots.txt");
  await page.evaluate((value) => localStorage.setItem("shop.account", value), JSON.stringify(account));
  await page.goto("/");
}

interface Wanted {
  quantity: number;
  name?: string;
  price?: number;
  description?: string;
  categories?: string[];
  picture?: Uint8Array<ArrayBuffer>;
}

/** A new product that can be ordered. */
export async function addProduct({ picture, ...wanted }: Wanted): Promise<Product> {
  const token = await tokenOf(ADMIN);
  const product = { name: unique("thing"), price: 9.5, description: "A thing to test with", categories: [], ...wanted };
  const added = await api<Product>("POST", "/products", { token, json: { product } });
  // orders-ms hears of it a moment later: only then does it know that one more is too many.
  const tooMany = { products: [{ name: added.name, quantity: added.quantity + 1 }] };
  await expect
    .poll(async () => (await (await ask("POST", "/orders", { token, json: tooMany })).json()).detail)
    .toBe("The requested amount does not exist.");
  return picture ? api<Product>("PUT", `/products/${added.slug}/picture`, { token, body: picture }) : added;
}

/** Order as somebody else. */
export async function order(person: Person, name: string, quantity: number): Promise<Order> {
  return api<Order>("POST", "/orders", { token: await tokenOf(person), json: { products: [{ name, quantity }] } });
}

/** Return when all orders of somebody are decided, with the newest first. */
export async function decided(person: Person): Promise<Order[]> {
  const token = await tokenOf(person);
  let orders: Order[] = [];
  await expect
    .poll(
      async () => {
        orders = (await api<{ orders: Order[] }>("GET", "/orders", { token })).orders;
        return orders.filter((each) => each.status === "PENDING").length;
      },
      { timeout: 60_000 },
    )
    .toBe(0);
  return orders;
}

/** A PNG of one colour. */
export function png(width: number, height: number, colour: [number, number, number]): Uint8Array<ArrayBuffer> {
  const row = [0, ...Array.from({ length: width }, () => colour).flat()];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const pixels = deflateSync(Uint8Array.from(Array.from({ length: height }, () => row).flat()));
  const parts = [chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]));
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([around.subarray(0, 4), content, around.subarray(4)]);
}

/** The process id of a program of the shop, such as "products-ms". */
export function pidOf(name: string): number {
  const groups = ["services", "databases", "broker"];
  const file = groups.map((group) => `${setting("SHOP_FOLDER")}/run/${group}/${name}.stat`).find(existsSync);
  if (!file) throw new Error(`the shop has no ${name}`);
  return Number.parseInt(readFileSync(file, "utf8"), 10);
}

/** Kill a program, which its supervisor starts again. "SIGSTOP" freezes it until "SIGCONT". */
export function signal(name: string, number: NodeJS.Signals = "SIGKILL"): void {
  process.kill(pidOf(name), number);
}

/** Fails with what axe finds on the page, and where: WCAG 2.2 AA and good practice, and the size of what is touched. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ rules: { "target-size": { enabled: true } } })
    .analyze();
  expect(violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }))).toEqual([]);
}

function setting(name: "SHOP_API" | "SHOP_FOLDER"): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
