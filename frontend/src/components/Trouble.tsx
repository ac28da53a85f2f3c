import { Refused } from "../api/problems";

/** An error in words, with a way to try again. */
export function Trouble({ error, what, retry }: { error: Error; what: string; retry: () => void }) {
  return (
    <div className="empty-state" role="alert">
      <h2>{what} could not be loaded</h2>
      <p>{error instanceof Refused ? error.message : "The shop does not answer right now."}</p>
      <button type="button" className="btn btn-primary" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
