import { spellOutCase } from './case-insensitive-regex.ts';
import { hideCommonLiterals } from './hide-common-literals.ts';

/**
 * A regular expression of uap-core or crawler-user-agents in the form in which the engine's regexp_tree dictionary
 * (RE2 behind a search for literals) is both right and fast.
 */
export function engineRegex(pattern: string, caseInsensitive: boolean): string {
  const relaxed = relaxBounds(pattern);
  return caseInsensitive ? spellOutCase(relaxed) : hideCommonLiterals(relaxed);
}

/**
 * `.{0,200}` → `.*`, `[^;]{1,50}` → `[^;]+`. The bounds protect backtracking engines; RE2 does not need them, but
 * unrolls each bound into that many states: with them a user agent takes ten to twenty times as long.
 * A dot with a bound below 100 is kept: there the rules mean "close by", as uap-core's own tests show.
 */
function relaxBounds(pattern: string): string {
  return pattern.replace(/(\\?.)\{([01]),(\d+)\}/gs, (bounded, atom: string, least: string, most: string) => {
    if (Number(most) < (atom === '.' ? 100 : 20)) return bounded;
    return atom + (least === '0' ? '*' : '+');
  });
}
