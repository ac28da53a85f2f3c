const LANGUAGE = "en-GB";
const amounts = new Intl.NumberFormat(LANGUAGE, { style: "currency", currency: "EUR" });
const times = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });

/** 1299.9 -> €1,299.90 */
export function money(amount: number): string {
  return amounts.format(amount);
}

/** An ISO time as the shopper's clock shows it. */
export function dateAndTime(iso: string): string {
  return times.format(new Date(iso));
}

/** The API keeps names in lower case: desk lamp -> Desk lamp */
export function title(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** 1 piece, 2 pieces */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString(LANGUAGE)} ${number === 1 ? one : many}`;
}

/** What a person calls an order: when it was made and which of those it was, from its ObjectId. */
export function orderNumber(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(18)}`.toUpperCase();
}
