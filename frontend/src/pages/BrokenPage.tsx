import { Page } from "../components/Page";

/** In place of a page whose code could not be fetched, or that failed. The rest of the frame goes on working. */
export function BrokenPage() {
  return (
    <Page title="This page did not open">
      <div className="empty-state">
        <h2>Something went wrong on the way</h2>
        <p>Your cart is safe. Loading the page again usually helps.</p>
        <button type="button" className="btn btn-primary" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    </Page>
  );
}
