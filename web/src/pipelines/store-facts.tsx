import { useCallback } from 'react';
import { httpSource } from '../data/http-source.ts';
import { useAnswer } from '../data/use-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { Fact } from '../overview/fact.tsx';
import { ledgerAddress, rejectsAddress } from '../overview/strip-queries.ts';
import { useTicks } from '../view/use-ticks.ts';

const everyMs = 30_000;

/** Totals of the store; those of a range are on the overview. */
export function StoreFacts() {
  const ticks = useTicks(everyMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick asks again
  const read = useCallback((signal: AbortSignal) => httpSource.readRange(signal), [ticks]);
  const { value: store } = useAnswer(read, 'range');
  if (!store) return null;
  const { rows, logRows, rejected } = store;
  const exact = (count: number) => formatExactly(count, 'count');
  return (
    <>
      <Fact name="Stored" title={`${exact(rows)} rows in requests, ${exact(logRows)} in logs; opens the ledger`}>
        <a href={ledgerAddress}>{formatQuantity(rows + logRows, 'count')} rows</a>
      </Fact>
      <Fact
        name="Rejected"
        tone={rejected > 0 ? 'warn' : 'good'}
        title={`${exact(rejected)} lines could not be stored as rows, since the store was made`}
      >
        {rejected > 0 ? (
          <a href={rejectsAddress}>{formatQuantity(rejected, 'count')} lines</a>
        ) : (
          `${formatQuantity(rejected, 'count')} lines`
        )}
      </Fact>
    </>
  );
}
