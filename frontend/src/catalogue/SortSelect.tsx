import { SORTS, type Sort } from "../api/queries";

export function SortSelect({ value, onChange }: { value: Sort; onChange: (value: Sort) => void }) {
  return (
    <select
      className="form-select"
      aria-label="Sort by"
      value={value}
      onChange={(event) => onChange(event.target.value as Sort)}
    >
      {Object.entries(SORTS).map(([sort, name]) => (
        <option key={sort} value={sort}>
          {name}
        </option>
      ))}
    </select>
  );
}
