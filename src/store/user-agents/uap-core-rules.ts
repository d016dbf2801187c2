import { parse } from 'yaml';
import { z } from 'zod';
import { engineRegex } from './engine-regex.ts';
import { partSeparator, type RuleList, type RuleRow, ruleRows } from './rule-row.ts';

const rule = z.record(z.string(), z.string());
const rulesFile = z.object({
  user_agent_parsers: z.array(rule),
  os_parsers: z.array(rule),
  device_parsers: z.array(rule),
});

/** A part of the answer: the replacement that overrides it, and the group that is it when the rule has no replacement. */
type Part = readonly [replacement: string, group: number | undefined];

const lists: readonly (readonly [RuleList, keyof z.infer<typeof rulesFile>, readonly Part[]])[] = [
  [
    'browser',
    'user_agent_parsers',
    [
      ['family_replacement', 1],
      ['v1_replacement', 2],
      ['v2_replacement', 3],
      ['v3_replacement', 4],
    ],
  ],
  [
    'os',
    'os_parsers',
    [
      ['os_replacement', 1],
      ['os_v1_replacement', 2],
      ['os_v2_replacement', 3],
      ['os_v3_replacement', 4],
      ['os_v4_replacement', 5],
    ],
  ],
  [
    'device',
    'device_parsers',
    [
      ['device_replacement', 1],
      ['brand_replacement', undefined],
      ['model_replacement', 1],
    ],
  ],
];

/**
 * Turns uap-core's `regexes.yaml` into rules for the engine: browser → family, major, minor, patch; os → family, major,
 * minor, patch, patch minor; device → family, brand, model. Parts may have blanks around them, which uap-core's
 * specification wants trimmed.
 *
 * Follows https://github.com/ua-parser/uap-core/blob/master/docs/specification.md. Throws when the file has another shape.
 */
export function parseUapCoreRules(yaml: string): RuleRow[] {
  const file = rulesFile.parse(parse(yaml));
  return lists.flatMap(([list, key, parts]) =>
    ruleRows(
      list,
      file[key].map((fields) => [
        engineRegex(fields.regex ?? '', fields.regex_flag === 'i'),
        parts.map((part) => partTemplate(fields, part)).join(partSeparator),
      ]),
    ),
  );
}

/** The dictionary knows a group as `\1`, uap-core as `$1`. A group that took no part in the match is empty in both. */
function partTemplate(fields: z.infer<typeof rule>, [replacement, group]: Part): string {
  const override = fields[replacement];
  if (override !== undefined) return override.replace(/\$([1-9])/g, '\\$1');
  return group === undefined ? '' : `\\${group}`;
}
