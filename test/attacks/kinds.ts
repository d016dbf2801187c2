import type { AttackKind } from './attack.ts';
import { behindTheLake, functionsEverywhere, injectedNames, rolesAndPeople, settings, systemTables } from './inside.ts';
import { lexerTricks, manyStatements } from './lexing.ts';
import { otherWays } from './other-ways.ts';
import { hiddenTexts, network, readingFiles, writingFiles } from './outside.ts';

export const attackKinds: readonly AttackKind[] = [
  ...[readingFiles, hiddenTexts, writingFiles, network, settings, rolesAndPeople, systemTables, injectedNames],
  ...[behindTheLake, functionsEverywhere, lexerTricks, manyStatements, otherWays],
];

/** Messages of the engine or the kernel when a statement got that far. */
export const laterWalls =
  /Permission denied|errno: 13|Operation not permitted|Not enough privileges|Cannot modify .* setting|No macro/i;
