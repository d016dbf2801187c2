interface ChoiceSelectProps {
  readonly name: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

/** One of a few words, with its name before it. */
export function ChoiceSelect({ name, value, values, onChange }: ChoiceSelectProps) {
  return (
    <label className="window-choice">
      {name}
      <select className="button" value={value} onChange={({ target }) => onChange(target.value)}>
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
