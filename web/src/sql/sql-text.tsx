import { tokenizeSql } from './sql-tokens.ts';

export function SqlText({ sql }: { readonly sql: string }) {
  return (
    <code>
      {tokenizeSql(sql).map(({ kind, text }, index) =>
        kind === 'other' || kind === 'name' ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity, and never move
          <span key={index} className={`sql-${kind}`}>
            {text}
          </span>
        ),
      )}
    </code>
  );
}
