import { readFile } from 'node:fs/promises';
import { drawWeighted } from './draw.ts';

/** A simulated edge location and whom it serves. */
export interface Edge {
  readonly location: string;
  readonly weight: number;
  readonly countries: readonly [WeightedCountry, ...WeightedCountry[]];
  /** Light there and back to the origin through fibre, seconds. */
  readonly originRoundTrip: number;
}

interface WeightedCountry {
  readonly code: string;
  readonly weight: number;
}

/** Location, weight, and the countries whose viewers end up there with their weights: plausible, and invented. */
const plan = [
  ['IAD89-C1', 19, 'US 85 CA 15'],
  ['SFO53-P2', 13, 'US 93 MX 7'],
  ['FRA56-P4', 17, 'DE 52 PL 14 CZ 9 AT 9 CH 9 UA 7'],
  ['LHR61-P2', 10, 'GB 82 IE 11 PT 7'],
  ['AMS58-P3', 7, 'NL 55 BE 20 DK 13 NO 12'],
  ['CDG52-P1', 7, 'FR 74 ES 26'],
  ['BOM78-P3', 9, 'IN 91 LK 9'],
  ['NRT57-P1', 6, 'JP 88 KR 12'],
  ['SIN52-C3', 5, 'SG 38 ID 24 MY 20 VN 18'],
  ['GRU3-C1', 4, 'BR 80 AR 20'],
  ['SYD62-P1', 3, 'AU 84 NZ 16'],
] as const;

const originCode = 'HIO';

/** @throws Error when the data set of edge locations lacks one of the plan */
export async function loadEdges(): Promise<[Edge, ...Edge[]]> {
  const csv = await readFile(new URL('../../src/store/edge-locations/aws-edge-locations.csv', import.meta.url), 'utf8');
  const places = new Map(csv.split('\n').map((row) => [row.slice(0, 3), row.split(',')]));
  const place = (code: string): [number, number] => {
    const [, , , , latitude, longitude] = places.get(code) ?? [];
    if (!latitude || !longitude)
      throw new Error(`cannot place edge location "${code}": the data set lacks it; choose another`);
    return [Number(latitude), Number(longitude)];
  };
  const [first, ...others] = plan.map(([location, weight, served]) => ({
    location,
    weight,
    countries: weightedCountries(served),
    originRoundTrip: roundTrip(place(location.slice(0, 3)), place(originCode)),
  }));
  return [first as Edge, ...others];
}

/** The edge location of a viewer, by the masked address. */
export function edgeOf(viewer: string, edges: readonly [Edge, ...Edge[]]): Edge {
  return drawWeighted('edge location', viewer, edges);
}

export function countryOf(viewer: string, { countries }: Edge): string {
  return drawWeighted('country', viewer, countries).code;
}

function weightedCountries(served: string): [WeightedCountry, ...WeightedCountry[]] {
  const pairs = [...served.matchAll(/(\w\w) (\d+)/g)].map(([, code, weight]) => ({
    code: code as string,
    weight: Number(weight),
  }));
  return pairs as [WeightedCountry, ...WeightedCountry[]];
}

/** Seconds; a third longer than the straight line, at 200,000 km a second. */
function roundTrip([latitude, longitude]: [number, number], [toLatitude, toLongitude]: [number, number]): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const cosine =
    Math.sin(radians(latitude)) * Math.sin(radians(toLatitude)) +
    Math.cos(radians(latitude)) * Math.cos(radians(toLatitude)) * Math.cos(radians(longitude - toLongitude));
  const kilometres = 6371 * Math.acos(Math.min(1, cosine));
  return 0.002 + (2 * 1.33 * kilometres) / 200_000;
}
