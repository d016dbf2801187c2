import type { z } from 'zod';
import type { ConfigPath } from './config-path.ts';
import { isOnlyReferences } from './interpolation.ts';
import { isSecret, pathsOfKey, schemasAt } from './schema-lookup.ts';
import { looksLikeSecretName, suspectedSecrets } from './secrecy.ts';
import type { Span } from './span.ts';
import type { Place, YamlValues } from './yaml-values.ts';

export interface HiddenValues {
  /** Parts of the file that an excerpt must not show. */
  readonly spans: readonly Span[];
  /** Whether a message must not repeat the value at this place. */
  isHidden(place: Place): boolean;
}

/**
 * Hides values that the schema marks secret, also through aliases; values of unknown keys, which may be misspelt
 * secrets; values from variables with a secret's name; and values that only look like a secret.
 */
export function hideValues(schema: z.core.$ZodType, values: YamlValues, source: string): HiddenValues {
  const secrets: Place[] = [];
  const shown = new Set<number>();
  for (const place of values.places) {
    if (isSecret(schema, place.path) || !isKnown(schema, place.path)) secrets.push(place);
    else shown.add(place.value[0]);
  }
  const spans = secrets
    // `${CLICKHOUSE_PASSWORD}` reveals nothing, and the message is about it.
    .filter(({ written }) => written === undefined || !isOnlyReferences(written))
    .flatMap(({ value, origin }) => [value, origin]);
  const references = new Set(secrets.map(({ value }) => value[0]));
  const suspected = suspectedSecrets(source).filter(([from]) => !shown.has(from) && !references.has(from));

  return {
    spans: [...spans, ...suspected],
    isHidden: ({ path, origin, variables }) =>
      isSecret(schema, path) ||
      variables.some(looksLikeSecretName) ||
      secrets.some((secret) => origin[0] < secret.origin[1] && origin[1] > secret.origin[0]),
  };
}

/** Known at its path, or a misplaced key that is known elsewhere and secret nowhere. */
function isKnown(schema: z.core.$ZodType, path: ConfigPath): boolean {
  if (schemasAt(schema, path, undefined).length > 0) return true;
  const key = path.at(-1);
  const elsewhere = typeof key === 'string' ? pathsOfKey(schema, key) : [];
  return elsewhere.length > 0 && !elsewhere.some((other) => isSecret(schema, other));
}
