/** How the page learns of changes. */
export function LiveSign({ live }: { live: boolean | undefined }) {
  return (
    <p className={live ? "live-sign live-sign-on" : "live-sign"}>
      {live && "Live"}
      {live === false && "Updating every few seconds"}
    </p>
  );
}
