import { createHash } from 'node:crypto';

export type Labels = Readonly<Record<string, string>>;

/** Identity of an alert's instance among all with the same labels: `host=a.example,status=503`; empty without labels. */
export function instanceOf(labels: Labels): { readonly instance: string; readonly labels: Labels } {
  const entries = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    instance: entries.map(([name, value]) => `${name}=${value}`).join(','),
    labels: Object.fromEntries(entries),
  };
}

/** Of fixed length and of letters and digits, however long the labels are. */
export function fingerprintOf(alert: string, labels: Labels): string {
  const entries = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([alert, entries]))
    .digest('hex')
    .slice(0, 16);
}
