import type { WindowDraft } from './window-draft.ts';

interface DraftFieldsProps {
  readonly draft: WindowDraft;
  readonly onChange: (draft: WindowDraft) => void;
}

type Field = keyof WindowDraft;

const sizes: Readonly<Record<string, readonly (readonly [field: Field, label: string])[]>> = {
  tumbling: [['size', 'Size']],
  hopping: [
    ['size', 'Size'],
    ['every', 'Begins every'],
  ],
  session: [
    ['gap', 'Gap'],
    ['longest', 'Longest'],
    ['key', 'Key columns'],
  ],
};

/** All of a definition but its SQL. Lengths are written as in tailrace.yaml: 10s, 5m, 1h. */
export function DraftFields({ draft, onChange }: DraftFieldsProps) {
  const change = (field: Field) => (value: string) => onChange({ ...draft, [field]: value });
  return (
    <div className="draft-fields">
      <TextField label="Name" value={draft.name} onChange={change('name')} />
      <SelectField label="From" value={draft.from} values={['requests', 'logs']} onChange={change('from')} />
      <SelectField label="Window" value={draft.type} values={Object.keys(sizes)} onChange={change('type')} />
      {(sizes[draft.type] ?? []).map(([field, label]) => (
        <TextField key={field} label={label} value={draft[field]} onChange={change(field)} />
      ))}
      <TextField label="Lateness" value={draft.lateness} onChange={change('lateness')} />
      <TextField label="Disorder" value={draft.disorder} onChange={change('disorder')} />
      <TextField label="Idle" value={draft.idle} onChange={change('idle')} />
      <TextField label="Keep" value={draft.keep} onChange={change('keep')} />
      <TextField label="Rebuild" value={draft.rebuild} onChange={change('rebuild')} />
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TextField({ label, value, onChange }: FieldProps) {
  return (
    <label className="field">
      {label}
      <input
        className="filter-input"
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

function SelectField({ label, value, values, onChange }: FieldProps & { readonly values: readonly string[] }) {
  return (
    <label className="field">
      {label}
      <select className="button" value={value} onChange={({ target }) => onChange(target.value)}>
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
