/** What can be said about an e-mail and a password before the API is asked. */
import type { FieldErrors } from "./useSubmit";

const SHORTEST = 8;

export function missingEmail(email: string): FieldErrors {
  if (!email) return { email: "Enter your e-mail address." };
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return { email: "An e-mail address looks like ann@example.com." };
  return {};
}

export function missingPassword(password: string): FieldErrors {
  return password ? {} : { password: "Enter your password." };
}

export function weakPassword(password: string): FieldErrors {
  if (!password) return { password: "Choose a password." };
  if ([...password].length < SHORTEST) return { password: `Choose a password of at least ${SHORTEST} characters.` };
  return {};
}
