import { partSeparator } from './rule-row.ts';

/**
 * Systems that uap-core's rules lack: apps name Apple's systems by the kernel, Darwin. Since Darwin 25 the system's
 * number is the year: 25.1 is iOS 26.1 (https://en.wikipedia.org/wiki/Darwin_(operating_system)#Release_history).
 * Like uap-core, it counts apps on a Mac as iOS unless they contain `x86_64`.
 */
export const newerSystems: readonly (readonly [regexp: string, result: string])[] = [
  [String.raw`CFNetwork/.* Darwin/25\.(\d+)`, ['iOS', '26', String.raw`\1`, '', ''].join(partSeparator)],
  [String.raw`CFNetwork/.* Darwin/26\.(\d+)`, ['iOS', '27', String.raw`\1`, '', ''].join(partSeparator)],
];
