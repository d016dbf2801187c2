/** Fields of the lines that are made as real-time logs, in the order in which CloudFront delivers them. */
export const realtimeFields = [
  'timestamp',
  'c-ip',
  'sc-status',
  'sc-bytes',
  'cs-method',
  'cs-host',
  'cs-uri-stem',
  'x-edge-location',
  'x-edge-request-id',
  'time-taken',
  'cs-user-agent',
  'x-edge-response-result-type',
] as const;
