import { z } from 'zod';
import { filePath } from '../fields.ts';

const suffixes = ['.mmdb', '.csv'];

/** `geoip:` files the user supplies (MaxMind or DB-IP); absolute paths, existence not checked yet. */
export function geoipSection(baseDirectory: string) {
  return z
    .strictObject({
      city: filePath(baseDirectory, 'a .mmdb or .csv file', './GeoLite2-City.mmdb', suffixes)
        .optional()
        .describe('City database (.mmdb or .csv), relative to this file.'),
      asn: filePath(baseDirectory, 'a .mmdb or .csv file', './GeoLite2-ASN.mmdb', suffixes)
        .optional()
        .describe('Network owner (ASN) database (.mmdb or .csv), relative to this file.'),
    })
    .prefault({})
    .describe('Files that say where an IP address is and whose it is.');
}
