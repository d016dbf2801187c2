interface FilterSelectProps {
  readonly label: string;
  readonly allLabel: string;
  readonly options: readonly string[];
  /** Empty text means "all". */
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

export function FilterSelect({ label, allLabel, options, value, onChoose }: FilterSelectProps) {
  // A link may name a value that is not (or no longer) in this store: it must still be shown, and be removable.
  const shown = value && !options.includes(value) ? [value, ...options] : options;
  return (
    <select
      className={value ? 'button filter filter-set' : 'button filter'}
      aria-label={label}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">{allLabel}</option>
      {shown
        .filter((option) => option !== '')
        .map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
    </select>
  );
}
