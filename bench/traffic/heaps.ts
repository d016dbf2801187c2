/** How many different values real traffic of so many requests has: Heaps' law, with the exponents of published logs. */
export const distinctIn = {
  paths: (rows: number): number => 5.8 * rows ** 0.7,
  viewers: (rows: number): number => 0.44 * rows ** 0.785,
  userAgents: (rows: number): number => 1.1 * rows ** 0.645,
} as const;
