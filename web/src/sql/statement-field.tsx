import { type RefObject, useEffect, useRef, useState } from 'react';
import { readSchema, type SchemaColumn } from '../data/http-source.ts';
import type { Selected, SqlEditor, SqlEditorProps } from './sql-editor.tsx';

/** A plain field until the editor is loaded, which then goes on where that was: with its text, selection and focus. */
export function StatementField(editing: SqlEditorProps) {
  const plain = useRef<HTMLTextAreaElement>(null);
  const [loaded, setLoaded] = useState<{
    readonly Loaded: typeof SqlEditor;
    readonly selected: Selected | undefined;
  }>();
  useEffect(() => {
    // Without it the plain field stays.
    import('./sql-editor.tsx').then(
      (module) => setLoaded({ Loaded: module.SqlEditor, selected: selectedIn(plain.current) }),
      () => {},
    );
  }, []);
  if (loaded) return <loaded.Loaded {...editing} selected={loaded.selected} />;
  return <PlainEditor {...editing} field={plain} />;
}

function selectedIn(field: HTMLTextAreaElement | null): Selected | undefined {
  if (!field || document.activeElement !== field) return undefined;
  return { from: field.selectionStart, to: field.selectionEnd };
}

type PlainEditorProps = SqlEditorProps & { readonly field: RefObject<HTMLTextAreaElement | null> };

function PlainEditor({ value, field, onChange }: PlainEditorProps) {
  const rows = Math.min(24, Math.max(6, value.split('\n').length + 1));
  return (
    <textarea
      ref={field}
      aria-label="SQL"
      className="sql-input"
      spellCheck={false}
      autoComplete="off"
      rows={rows}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The columns that a statement may read; empty until they are known. */
export function useSchema(): readonly SchemaColumn[] {
  const [schema, setSchema] = useState<readonly SchemaColumn[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    // Without it nothing is completed.
    readSchema(controller.signal).then(setSchema, () => {});
    return () => controller.abort();
  }, []);
  return schema;
}
