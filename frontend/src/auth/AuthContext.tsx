import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { Account } from "./account";
import { session } from "./session";

const AuthContext = createContext<Account | null>(null);

/** Tells the components below who is signed in. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const { account } = useSyncExternalStore(session.subscribe, session.get);
  return <AuthContext value={account}>{children}</AuthContext>;
}

/** Who is signed in; null for a visitor. */
export function useAccount(): Account | null {
  return useContext(AuthContext);
}
