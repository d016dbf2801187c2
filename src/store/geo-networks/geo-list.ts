/** What a file says of each network: the country it is in, or the autonomous system it belongs to. */
export type GeoList = 'country' | 'asn';

/** Files that the user supplies, as the configuration's section `geoip` names them. */
export interface GeoFiles {
  /** Country or city database: MaxMind DB, MaxMind's CSV, or DB-IP's CSV. */
  readonly city?: string | undefined;
  /** Database of autonomous systems in the same formats. */
  readonly asn?: string | undefined;
}

/** What both lists have, each for its own column. */
export const geoLists = {
  country: { option: 'city', type: 'LowCardinality(String)', unknown: "''", noun: 'country' },
  asn: { option: 'asn', type: 'UInt32', unknown: '0', noun: 'autonomous system' },
} as const satisfies Record<GeoList, { option: keyof GeoFiles; type: string; unknown: string; noun: string }>;
