import { quoteIdentifier } from '../schema/quote-identifier.ts';
import type { Input } from './engine.ts';
import { EngineError } from './engine-error.ts';

/** The columns of a Parquet input as a select list and as a structure, e.g. `` `cs_host` Nullable(String) ``. */
export function formatColumns(input: Input): { names: string; structure: string } {
  const columns = input.columns ?? [];
  if (columns.length === 0) {
    throw new EngineError('TAILRACE_QUERY_FAILED', 'BUG: cannot read a Parquet input: its columns are not given');
  }
  return {
    names: columns.map(([name]) => quoteIdentifier(name)).join(', '),
    structure: columns.map(([name, type]) => `${quoteIdentifier(name)} ${type}`).join(', '),
  };
}
