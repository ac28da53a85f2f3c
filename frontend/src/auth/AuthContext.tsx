import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import type { Account } from "./account";
import { accessToken, session } from "./session";

const AuthContext = createContext<Account | null>(null);

/** Tells the components below who is signed in, and has the session of an earlier page restored meanwhile. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const { account } = useSyncExternalStore(session.subscribe, session.get);
  useEffect(() => {
    // What fails here is asked anew by whatever needs it.
    accessToken().catch(() => undefined);
  }, []);
  return <AuthContext value={account}>{children}</AuthContext>;
}

/** Who is signed in; null for a visitor. */
export function useAccount(): Account | null {
  return useContext(AuthContext);
}
