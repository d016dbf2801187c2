/** Masked addresses have x or * for digits. */
const octet = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]|[xX*]{1,3})';
const ipv4 = `(?:${octet}[.]){3}${octet}`;
/** Eight groups, or fewer around `::`, unlike a clock time. The last two may be written as IPv4, a zone may follow. */
const ipv6 =
  '(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){6}[0-9.]{7,15}|[0-9A-Fa-f:]*::[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z._-]+)?';

const address = `(?:${ipv4}|${ipv6}|\\[${ipv6}\\])`;
const endpoint = `(?:${ipv4}(?::[0-9]{1,5})?|${ipv6}|\\[${ipv6}\\](?::[0-9]{1,5})?)`;

/** RE2 and JavaScript: an IP address. */
export const addressPattern = `^${address}$`;

/** A list as in `X-Forwarded-For`; proxies write `unknown`, and some add ports. At least one is an address. */
export const addressListPattern = `^(?:unknown, ?)*${endpoint}(?:, ?(?:unknown|${endpoint}))*$`;

/** The same in a log that percent-encodes its values; a zone and brackets may be encoded too. */
export const encodedAddressListPattern = addressListPattern
  .replaceAll(' ?', '(?: |%20)?')
  .replaceAll('%[0-9A-Za-z._-]+', '%(?:25)?[0-9A-Za-z._-]+')
  .replaceAll('\\[', '(?:\\[|%5[Bb])')
  .replaceAll('\\]', '(?:\\]|%5[Dd])');

/** A host name, or the `unix:` that nginx writes for a local connection. */
const name = '(?:[0-9A-Za-z_-]+(?:[.][0-9A-Za-z_-]+)*[.]?|unix:)';

/** Viewers send what they want, but no control characters. */
const sent = '[^ ,"\\x00-\\x1f\\x7f]+';

/** A client, a list as in `X-Forwarded-For` with an address in it, or such a list and the client. A single value may be a name. */
export const forwardedAddressPattern =
  `^(?:${endpoint}|${name})$|` +
  `^"?(?:-|unknown|(?:${sent}, ?)*${endpoint}(?:, ?${sent})*)"?(?: (?:${endpoint}|${name}))?$`;

/** The first address of such a value, as groups: with brackets or, without, with or without a port. */
export const firstAddressPattern = `(?:^|[ ,"])(${endpoint})(?:$|[ ,"])`;

/** The address of a client with or without its port, or a list of such. */
export const endpointPattern = `^${endpoint}(?:, ?(?:unknown|${endpoint}))*$`;

/** The value of a `Host` header; nginx's `_` means no server name. */
export const hostPattern = `^(?:(?:[0-9A-Za-z*][0-9A-Za-z_*-]*(?:[.][0-9A-Za-z_*-]+)*[.]?|\\[${ipv6}\\])(?::[0-9]{1,5})?|${ipv6})$`;
