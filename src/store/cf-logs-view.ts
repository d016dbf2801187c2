/**
 * The columns of the Athena table that articles about CloudFront logs have used for years, in both common spellings,
 * so that their queries run unchanged.
 * https://docs.aws.amazon.com/athena/latest/ug/create-cloudfront-table-standard-logs.html
 */
export const classicColumns: readonly (readonly [expression: string, ...names: string[]])[] = [
  ['toDate(r.time)', 'date'],
  ["formatDateTime(r.time, '%H:%i:%S', 'UTC')", 'time'],
  ['edge_location', 'location', 'x_edge_location'],
  ['bytes_sent', 'bytes', 'sc_bytes'],
  ['client_ip', 'requestip', 'request_ip'],
  ['method', 'method'],
  ['distribution_domain', 'host'],
  ['path', 'uri'],
  ['status', 'status'],
  ['referer', 'referrer'],
  ['user_agent', 'useragent', 'user_agent'],
  ['query', 'uriquery', 'querystring', 'query_string'],
  ['cookie', 'cookie'],
  ['result', 'resulttype', 'result_type'],
  ['request_id', 'requestid', 'request_id'],
  ['host', 'header', 'hostheader', 'host_header'],
  ['scheme', 'csprotocol', 'requestprotocol', 'request_protocol'],
  ['bytes_received', 'csbytes', 'requestbytes', 'request_bytes'],
  ['duration', 'timetaken', 'time_taken'],
  ['forwarded_for', 'forwardedfor', 'xforwardedfor', 'xforwarded_for'],
  ['tls_protocol', 'sslprotocol', 'ssl_protocol'],
  ['tls_cipher', 'sslcipher', 'ssl_cipher'],
  ['response_result', 'responseresulttype', 'response_result_type'],
  ['http_version', 'protocolversion', 'httpversion', 'http_version'],
  ['fle_status', 'fle_status'],
  ['fle_encrypted_fields', 'fle_encrypted_fields'],
  ['client_port', 'c_port'],
  ['ttfb', 'time_to_first_byte'],
  ['detailed_result', 'x_edge_detailed_result_type'],
  ['content_type', 'sc_content_type'],
  ['content_length', 'sc_content_len'],
  ['range_start', 'sc_range_start'],
  ['range_end', 'sc_range_end'],
  ['browser', 'browserfamily'],
  ['os', 'osfamily'],
  ["if(r.is_bot, 'True', 'False')", 'isbot'],
  ['filename', 'filename'],
  ['distribution', 'distribution'],
  ["formatDateTime(r.time, '%Y', 'UTC')", 'year'],
  ["formatDateTime(r.time, '%m', 'UTC')", 'month'],
  ["formatDateTime(r.time, '%d', 'UTC')", 'day'],
  ["formatDateTime(r.time, '%H', 'UTC')", 'hour'],
];

export const cfLogsView = `
  CREATE OR REPLACE VIEW cf_logs AS
  SELECT
    ${classicColumns.flatMap(([expression, ...names]) => names.map((name) => `${qualified(expression)} AS ${name}`)).join(',\n    ')}
  FROM requests AS r`;

/** Otherwise an alias named like a column (`time`, `host`) would replace that column in the other expressions. */
function qualified(expression: string): string {
  return expression.includes('(') ? expression : `r.${expression}`;
}
