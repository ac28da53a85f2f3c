import { CrossIcon } from "../components/icons";
import { title } from "../lib/format";

/** The chosen categories, each of which can be removed. */
export function ChosenCategories({
  chosen,
  onRemove,
}: {
  chosen: readonly string[];
  onRemove: (name: string) => void;
}) {
  if (chosen.length === 0) return null;
  return (
    <ul className="chips chosen" aria-label="Chosen categories">
      {chosen.map((name) => (
        <li key={name} className="chip">
          {title(name)}
          <button type="button" aria-label={`Remove ${title(name)}`} onClick={() => onRemove(name)}>
            <CrossIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}
