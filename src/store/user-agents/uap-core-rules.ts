import { z } from 'zod';
import { engineRegex } from './engine-regex.ts';
import { newerSystems } from './newer-systems.ts';
import { partSeparator, type RuleList, type RuleRow, ruleRows } from './rule-row.ts';

const origin = z.object({ source: z.string(), commit: z.string() });
const rule = z
  .object({ list: z.enum(['user_agent_parsers', 'os_parsers', 'device_parsers']), regex: z.string() })
  .catchall(z.string());
type Rule = z.infer<typeof rule>;

/** A part of the answer: its replacement, and the group used when the rule has no replacement. */
type Part = readonly [replacement: string, group: number | undefined];

const lists: readonly (readonly [RuleList, Rule['list'], readonly Part[]])[] = [
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
 * Turns uap-core's rules (`uap-core/rules.jsonl`) into rules for the engine: browser → family, major, minor, patch; os →
 * family, major, minor, patch, patch minor; device → family, brand, model. Parts may have blanks around them, which
 * uap-core's specification wants trimmed.
 *
 * Follows https://github.com/ua-parser/uap-core/blob/master/docs/specification.md. Throws when the file has another shape.
 */
export function parseUapCoreRules(jsonLines: string): RuleRow[] {
  const rules = parseLines(jsonLines);
  return lists.flatMap(([list, key, parts]) =>
    ruleRows(list, [
      ...(list === 'os' ? newerSystems : []),
      ...rules.filter((fields) => fields.list === key).map((fields) => engineRule(fields, parts)),
    ]),
  );
}

/** The first line names the source of the rules. */
function parseLines(jsonLines: string): Rule[] {
  const [first = '', ...lines] = jsonLines.trim().split('\n');
  origin.parse(JSON.parse(first));
  return lines.map((line) => rule.parse(JSON.parse(line)));
}

function engineRule(fields: Rule, parts: readonly Part[]): readonly [regexp: string, result: string] {
  const result = parts.map((part) => partTemplate(fields, part)).join(partSeparator);
  const takesGroups = /\\[1-9]/.test(result);
  const pattern = takesGroups ? fields.regex : fields.regex.replace(meaninglessStart, '');
  return [engineRegex(pattern, fields.regex_flag === 'i'), result];
}

/** A prefix without meaning for the match; it only positions a group. */
const meaninglessStart = /^\^\.\{0,\d{3}\}\??/;

/** The dictionary writes a group as `\1`, uap-core as `$1`. A group that took no part in the match is empty in both. */
function partTemplate(fields: Rule, [replacement, group]: Part): string {
  const override = fields[replacement];
  if (override !== undefined) return override.replace(/\$([1-9])/g, '\\$1');
  return group === undefined ? '' : `\\${group}`;
}
