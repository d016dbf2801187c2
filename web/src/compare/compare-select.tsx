import { type ComparisonName, comparisons, isComparison } from './comparison.ts';

interface CompareSelectProps {
  readonly name: ComparisonName;
  readonly onChoose: (name: ComparisonName) => void;
}

/** What the range is compared with. */
export function CompareSelect({ name, onChoose }: CompareSelectProps) {
  return (
    <select
      className="button filter compare"
      aria-label="Compare with"
      value={name}
      onChange={({ target }) => isComparison(target.value) && onChoose(target.value)}
    >
      {Object.entries(comparisons).map(([value, { label }]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
