import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql as sqlLanguage } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { SchemaColumn } from '../data/http-source.ts';
import { clickhouseDialect } from './clickhouse-dialect.ts';

/** Offsets into the text of what is selected; equal for a cursor. */
export interface Selected {
  readonly from: number;
  readonly to: number;
}

export interface SqlEditorProps {
  readonly value: string;
  /** At first, of a field that has the focus. */
  readonly selected?: Selected | undefined;
  /** Empty until it is known. */
  readonly schema: readonly SchemaColumn[];
  readonly onChange: (sql: string) => void;
  readonly onRun: () => void;
}

/** A text field for SQL that completes the names of tables and columns, and says what a column means. */
export function SqlEditor({ value, selected, schema, onChange, onRun }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  const first = useRef({ value, selected });

  // An editor is made once, and told of what changes; at once, or the keys of who is typing would go nowhere.
  useLayoutEffect(() => {
    if (!place.current) return;
    // The editor makes style sheets of its own, which the page's policy allows in a shadow root only.
    const root = place.current.shadowRoot ?? place.current.attachShadow({ mode: 'open' });
    const view = createEditor(root, first.current.value, {
      onChange: (sql) => handlers.current.onChange(sql),
      onRun: () => handlers.current.onRun(),
    });
    editor.current = view;
    if (first.current.selected) {
      const { from, to } = first.current.selected;
      view.dispatch({ selection: { anchor: from, head: to } });
      view.focus();
    }
    return () => view.destroy();
  }, []);

  useEffect(() => {
    editor.current?.dispatch({ effects: completing.reconfigure(completionOf(schema)) });
  }, [schema]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={place} className="sql-input sql-editor" />;
}

function createEditor(
  root: ShadowRoot,
  doc: string,
  { onChange, onRun }: Pick<SqlEditorProps, 'onChange' | 'onRun'>,
): EditorView {
  const run = () => {
    onRun();
    return true;
  };
  const extensions = [
    keymap.of([
      { key: 'Mod-Enter', preventDefault: true, run },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    completing.of([]),
    autocompletion({ icons: false }),
    closeBrackets(),
    bracketMatching(),
    history(),
    drawSelection(),
    syntaxHighlighting(colors),
    look,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false', autocorrect: 'off' }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
  return new EditorView({ root, parent: root, state: EditorState.create({ doc, extensions }) });
}

const completing = new Compartment();

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sql-keyword)' },
  { tag: tags.string, color: 'var(--sql-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: tags.comment, color: 'var(--text-muted)' },
]);

const raised = {
  border: '1px solid var(--line-strong)',
  borderRadius: '8px',
  backgroundColor: 'var(--surface-raised)',
  color: 'var(--text)',
  boxShadow: 'var(--shadow)',
};

const look = EditorView.theme({
  '&': { minHeight: '138px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--line-strong)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--line)' },
  '.cm-tooltip': raised,
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--surface)',
  },
  '.cm-tooltip.cm-completionInfo': { ...raised, maxWidth: '340px', padding: '8px 10px' },
});

function completionOf(schema: readonly SchemaColumn[]): Extension {
  const tables: Record<string, { label: string; type: string; detail: string; info: string }[]> = {};
  for (const { table, name, type, comment } of schema) {
    tables[table] ??= [];
    tables[table].push({ label: name, type: 'property', detail: type, info: comment });
  }
  return sqlLanguage({ dialect: clickhouseDialect, schema: tables, upperCaseKeywords: true });
}
