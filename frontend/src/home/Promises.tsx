/** What the shop is built for, in a shopper's words. */
export function Promises() {
  return (
    <ul className="promises">
      <li>
        <strong>Counted right</strong> The last piece is sold once, to whoever came first.
      </li>
      <li>
        <strong>Decided in moments</strong> You see your order turn from pending to accepted, live.
      </li>
      <li>
        <strong>Never ordered twice</strong> A double click or a lost connection makes no second order.
      </li>
    </ul>
  );
}
