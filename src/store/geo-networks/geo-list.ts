/** What a file maps each network to: its country or its autonomous system. */
export type GeoList = 'country' | 'asn';

/** Files that the user supplies in the configuration's section `geoip`. */
export interface GeoFiles {
  /** Country or city database: MaxMind DB, MaxMind's CSV, or DB-IP's CSV. */
  readonly city?: string | undefined;
  /** Database of autonomous systems in the same formats. */
  readonly asn?: string | undefined;
}

/** Properties of both lists. */
export const geoLists = {
  country: { option: 'city', type: 'LowCardinality(String)', unknown: "''", noun: 'country' },
  asn: { option: 'asn', type: 'UInt32', unknown: '0', noun: 'autonomous system' },
} as const satisfies Record<GeoList, { option: keyof GeoFiles; type: string; unknown: string; noun: string }>;
