import { partSeparator } from './rule-row.ts';

/**
 * Systems that uap-core's rules do not know yet: apps name Apple's by Darwin, the kernel. Since Darwin 25 the system's
 * number is the year: 25.1 is iOS 26.1 (https://en.wikipedia.org/wiki/Darwin_(operating_system)#Release_history).
 * As uap-core does, it counts apps on a Mac as iOS unless they say `x86_64`.
 */
export const newerSystems: readonly (readonly [regexp: string, result: string])[] = [
  [String.raw`CFNetwork/.* Darwin/25\.(\d+)`, ['iOS', '26', String.raw`\1`, '', ''].join(partSeparator)],
  [String.raw`CFNetwork/.* Darwin/26\.(\d+)`, ['iOS', '27', String.raw`\1`, '', ''].join(partSeparator)],
];
