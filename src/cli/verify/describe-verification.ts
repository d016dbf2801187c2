import type { Account } from '../../ledger/verify/accounts.ts';
import { isSound, type Verification } from '../../ledger/verify/verify-store.ts';

const maxListed = 20;

/** The verification as lines for the terminal. */
export function describeVerification(store: string, found: Verification): string[] {
  const { objects, rows, rejects, parts, batches, hasMore, lacking, ledgerLoss, open, twice, accounts } = found;
  const stray = batches.filter(({ isClosed }) => !isClosed);
  const unknownRows = stray.reduce((sum, batch) => sum + batch.found, 0);
  const lines = [
    `${store}: ${count(rows, 'row')} and ${count(rejects, 'rejected line')} of ${count(objects, 'object')}`,
  ];
  lines.push(...accounts.flatMap(describeAccount));
  const add = (title: string, items: readonly string[]) => {
    if (items.length === 0) return;
    lines.push(title, ...items.slice(0, maxListed).map((item) => `  ${item}`));
    if (items.length > maxListed) lines.push(`  … and ${number(items.length - maxListed)} more; --json has them`);
  };
  add(
    'parts that are damaged:',
    parts.map(({ table, part, problem }) => `${table} ${part}: ${problem}`),
  );
  if (ledgerLoss !== undefined) lines.push(`the ledger: ${ledgerLoss}`);
  add(
    `objects whose stored lines differ from the ledger${hasMore ? ', the first of them' : ''}:`,
    lacking.map(
      ({ origin, table, promised, found }) => `${origin}: ${number(found)} of ${number(promised)} in ${table}`,
    ),
  );
  if (stray.length > 0) lines.push(`lines of unknown batches: ${number(unknownRows)}`);
  add(
    'objects that were stored twice:',
    twice.map(({ origin, batches: stored }) => `${origin}, in batches ${stored.join(' and ')}`),
  );
  if (open.length > 0) {
    const complete = open.filter(({ isComplete }) => isComplete).length;
    lines.push(
      `batches without an entry in the ledger: ${number(open.length)}, of which ${number(complete)} are complete` +
        (ledgerLoss === undefined ? '; a process that was killed leaves such, and the next one takes them back' : ''),
    );
  }
  lines.push(isSound(found) ? 'everything is there' : 'damaged');
  return lines;
}

/** Nothing of a table from which nothing is gone. */
function describeAccount({ table, received, stored, ...gone }: Account): string[] {
  const where = [
    [gone.deleted, 'deleted by retention'],
    [gone.forgotten, 'forgotten'],
    [gone.lost, 'lost with damaged parts'],
    [gone.unrecorded, 'missing without a record of why'],
  ] as const;
  const parts = where.flatMap(([lines, how]) => (lines === 0 ? [] : `${number(lines)} ${how}`));
  if (parts.length === 0) return [];
  return [`${table}: ${number(received)} received = ${[`${number(stored)} stored`, ...parts].join(' + ')}`];
}

function count(value: number, unit: string): string {
  return `${number(value)} ${unit}${value === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
