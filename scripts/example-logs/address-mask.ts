import { createHash } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * Replaces addresses: IPv4 by one of 198.18.0.0/15 (RFC 2544, benchmarks), IPv6 by one of fd00::/8 (RFC 4193, private).
 * The same address has the same mask, different ones have different masks. The order in which addresses are first seen
 * decides who gets out of whose way, so equal sources in equal order give equal masks.
 */
export class AddressMask {
  private readonly masks = new Map<string, string>();
  private readonly taken = new Set<string>();

  /** @returns `undefined` when the text is no address */
  mask(address: string): string | undefined {
    const version = isIP(address);
    if (version === 0) return undefined;
    const key = address.toLowerCase();
    const known = this.masks.get(key);
    if (known !== undefined) return known;
    for (let attempt = 0; ; attempt++) {
      const digest = createHash('sha256').update(`tailrace example logs ${attempt} ${key}`).digest();
      const mask = version === 4 ? maskedV4(digest) : maskedV6(digest);
      if (this.taken.has(mask)) continue;
      this.taken.add(mask);
      this.masks.set(key, mask);
      return mask;
    }
  }

  /** Every address of a comma-separated list, as in X-Forwarded-For; what is no address stays. */
  maskList(list: string): string {
    return list.replaceAll(/[^,\s%]+/g, (entry) => this.mask(entry) ?? entry);
  }
}

function maskedV4(digest: Buffer): string {
  return `198.${18 + (digest.readUInt8(0) & 1)}.${digest.readUInt8(1)}.${digest.readUInt8(2)}`;
}

function maskedV6(digest: Buffer): string {
  const groups = digest.toString('hex', 0, 15).replace(/^../, (first) => `fd${first}`);
  return (groups.match(/.{4}/g) as string[]).join(':');
}
