/** Who is signed in, as the access token says. */
export interface Account {
  email: string;
  role: "user" | "admin";
}

interface Token {
  account: Account;
  /** How long the token lives, in milliseconds. By the server's clock alone: the browser's may be wrong. */
  lifetime: number;
}

/** What an access token says. The services verify it; here it is only shown. Throws if it is no token of ours. */
export function readToken(token: string): Token {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  const account = asAccount(claims);
  if (!account) throw new TypeError("not an access token");
  return { account, lifetime: (claims.exp - (claims.iat ?? claims.exp)) * 1000 };
}

/** `value` if it is an account, otherwise null. */
export function asAccount(value: unknown): Account | null {
  const { email, role } = (value ?? {}) as Partial<Account>;
  return typeof email === "string" && (role === "user" || role === "admin") ? { email, role } : null;
}

export function sameAccount(one: Account | null, other: Account | null): boolean {
  return one?.email === other?.email && one?.role === other?.role;
}
