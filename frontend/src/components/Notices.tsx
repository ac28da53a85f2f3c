import { useSyncExternalStore } from "react";
import { dismiss, notices } from "../lib/notices";

/** The messages of notify(). The region is always there: screen readers only tell what changes in one they know. */
export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get);
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <div key={id} className="notice">
          <span>{text}</span>
          <button type="button" className="btn-close" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
