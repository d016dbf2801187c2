// Writes web/src/geography/world-map.ts, the outlines of the countries as paths of an SVG. Nothing of it is needed to build or
// to run; for another projection or precision:
//   npm install --no-save world-atlas@2.0.2 topojson-client@3.1.0 d3-geo@3.1.1 i18n-iso-countries@7
//   node scripts/draw-world-map.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { feature } = require('topojson-client');
const codes = new Map(require('i18n-iso-countries/codes.json').map(([alpha2, , numeric]) => [numeric, alpha2]));
const { geoEqualEarth, geoPath } = await import('d3-geo');

const world = JSON.parse(readFileSync(require.resolve('world-atlas/countries-110m.json'), 'utf8'));
const width = 960;
const countries = feature(world, world.objects.countries).features.filter(({ id }) => id !== '010');
const projection = geoEqualEarth().fitWidth(width, { type: 'FeatureCollection', features: countries });
const draw = geoPath(projection).digits(1);
const height = Math.ceil(draw.bounds({ type: 'FeatureCollection', features: countries })[1][1]);
const paths = countries
  .map((country) => [codes.get(country.id) ?? '', draw(country)])
  .sort(([a], [b]) => (a < b ? -1 : 1));

const lines = paths.map(([code, path]) => `  ['${code}', '${path}'],`);
writeFileSync(
  new URL('../web/src/geography/world-map.ts', import.meta.url),
  `/**
 * Made by scripts/draw-world-map.mjs from Natural Earth's outlines (public domain), as world-atlas 2.0.2 simplifies them:
 * Copyright 2013-2019 Michael Bostock. Permission to use, copy, modify, and/or distribute this software for any purpose with or
 * without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE.
 */
export const worldSize = { width: ${width}, height: ${height} } as const;

/** Countries by ISO 3166 alpha-2 code, empty where there is none, with their outline. Antarctica is left out. */
export const worldMap: readonly (readonly [code: string, outline: string])[] = [
${lines.join('\n')}
];
`,
);
