interface FilterSelectProps {
  readonly label: string;
  readonly allLabel: string;
  readonly options: readonly string[];
  /** Empty text means "all". */
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

export function FilterSelect({ label, allLabel, options, value, onChoose }: FilterSelectProps) {
  // A link may name what this store does not (or no longer) hold: it must still be seen, and be possible to take back.
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
