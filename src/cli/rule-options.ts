import { hasRules, type LinePattern, type LineRules, type MaskRules } from '../layouts/line-rules.ts';
import { patternProblem } from '../text/linear-pattern.ts';
import { type Arguments, textOptions, UsageError } from './command.ts';

export const ruleOptions = {
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  mask: { type: 'string', multiple: true },
} as const;

export const ruleHelp = `  --include PATTERN  store only lines with this RE2 pattern; COLUMN~PATTERN looks at a column; may be repeated
  --exclude PATTERN  leave such lines out; they are counted in the ledger
  --mask WHAT      addresses (to /24, /48), signatures (of signed URLs), query:KEY,KEY; before anything is stored`;

/** Reads the line rules of the command line; empty when there are none. @throws UsageError */
export function readRules(args: Arguments): LineRules | undefined {
  const [include, exclude] = (['include', 'exclude'] as const).map((option) =>
    textOptions(args, option).map((written) => readPattern(option, written)),
  );
  const mask = textOptions(args, 'mask');
  const rules: LineRules = {
    ...(include?.length ? { include } : {}),
    ...(exclude?.length ? { exclude } : {}),
    ...(mask.length > 0 ? { mask: readMask(mask) } : {}),
  };
  return hasRules(rules) ? rules : undefined;
}

function readPattern(option: string, written: string): LinePattern {
  const [, column, inColumn] = /^([a-z][\w.-]*)~(.*)$/s.exec(written) ?? [];
  const pattern = inColumn ?? written;
  const problem = pattern === '' ? 'it is empty' : patternProblem(pattern);
  if (problem !== undefined) throw new UsageError(`--${option} "${written}" is no pattern: ${problem}; write RE2`);
  return { pattern, ...(column === undefined ? {} : { column }) };
}

function readMask(wanted: readonly string[]): MaskRules {
  const query: string[] = [];
  for (const what of wanted) {
    if (what === 'addresses' || what === 'signatures') continue;
    const keys = what.startsWith('query:') ? what.slice('query:'.length).split(',') : [];
    if (keys.length === 0 || keys.some((key) => !/^[\w.~-]{1,100}$/.test(key))) {
      throw new UsageError(`--mask has "${what}"; write addresses, signatures, or query:KEY,KEY`);
    }
    query.push(...keys);
  }
  return {
    addresses: wanted.includes('addresses'),
    signatures: wanted.includes('signatures'),
    ...(query.length > 0 ? { query } : {}),
  };
}
