/** Patterns of values common to all kinds of load balancers. Masked addresses have x or * for digits. */
export const timePattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.0-9]*Z?$';
export const secondsPattern = '^(-1|[0-9]+[.][0-9]+)$';
export const endpointPattern = '^[0-9A-Fa-fxX*.:\\[\\]]+:[0-9]+$';
export const statusPattern = '^[0-9]{3}$';
export const numberPattern = '^(-1|[0-9]+)$';
/** A quote within is escaped. An unescaped one belongs to another, torn line. */
export const requestPattern = '^[!-~]+ ([^"\\\\]|\\\\.)*$';
export const cipherPattern = '^[0-9A-Za-z]+[_-][0-9A-Za-z_-]+$';
export const protocolPattern = '^(TLS|SSL|tls|ssl)v[0-9.]+$';
export const certificatePattern = '^(arn:|session-reused$)';
export const hostNamePattern = '^[0-9A-Za-z_*%-]+([.][0-9A-Za-z_%-]+)+[.]?(:[0-9]{1,5})?$';
