/**
 * Formatted times. Groups: `year` (four digits or two), `month` (digits or an English name), `day`, `clock` (`HH:MM:SS`),
 * `fraction` (digits of a second), `half` of the day (`A` or `P`), `offset` (`+02`) and `minutes` of it. Without an offset it
 * is UTC; without a year, the latest such day not after the line's arrival. Or `seconds` since 1970 and `nanoseconds`
 * within them.
 */
export const timeForms: readonly string[] = [
  // ISO 8601, RFC 3339, and variants of Python, log4j, Go, nginx and Airflow. .NET's console may
  // end it with a blank, and Route 53 documents a fraction without its point.
  String.raw`^(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)(?:T|,? )(?<clock>\d\d:\d\d:\d\d)(?:[.,]?(?<fraction>\d+))?(?: ?(?<half>[AaPp])[Mm])? ?(?:Z|UTC|GMT|(?<offset>[+-]\d\d)(?::?(?<minutes>\d\d))?)? *$`,
  // Spark and Hadoop
  String.raw`^(?<year>\d\d)/(?<month>\d\d)/(?<day>\d\d) (?<clock>\d\d:\d\d:\d\d)$`,
  // Common Log Format, and variants of HAProxy, PHP, Tomcat and Redis
  String.raw`^(?<day>\d\d)[/ -](?<month>[A-Z][a-z]{2})[/ -](?<year>\d{4})[: ](?<clock>\d\d:\d\d:\d\d)(?:[.,](?<fraction>\d+))?(?: UTC| ?(?<offset>[+-]\d\d)(?<minutes>\d\d))?$`,
  // ctime, with the fraction that Apache's error log adds
  String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) +(?<day>\d\d?) (?<clock>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d+))? (?<year>\d{4})$`,
  // HTTP and mail headers
  String.raw`^[A-Z][a-z]{2}, (?<day>\d\d?) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d) (?:GMT|UTC|(?<offset>[+-]\d\d)(?<minutes>\d\d))$`,
  // klog
  String.raw`^(?<month>\d\d)(?<day>\d\d) (?<clock>\d\d:\d\d:\d\d)\.(?<fraction>\d+)$`,
  // BSD syslog, and Cisco's
  String.raw`^(?<month>[A-Z][a-z]{2}) +(?<day>\d\d?) (?:(?<year>\d{4}) )?(?<clock>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d+))?(?: UTC)?$`,
  // log4j 2's `instant`, an object
  String.raw`^\{"epochSecond":(?<seconds>\d+),"nanoOfSecond":(?<nanoseconds>\d+)\}$`,
];

/**
 * Zones by name, with which a time is not read: most abbreviations mean several. Words of three capitals may be anything
 * else, such as a method, so these are the common ones.
 */
const namedZone = [
  String.raw`(?:GMT|UTC)[+-]\d{1,2}(?::?\d\d)?`,
  '(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/+-]+',
  'CES?T|EES?T|WES?T|BST|IST|MSK|SAST|[ECMP][SD]T|AK[SD]T|HST|BRT|ART|CLS?T|COT|PET|[JK]ST|SGT|HKT|PKT|PHT|WIB|ICT|A[CEW]S?[DS]T|NZ[SD]T',
].join('|');

/** A leading time of a line of text: ISO 8601 or similar. */
export const leadingTime =
  String.raw`\d{4}[-/]\d\d[-/]\d\d(?:T|,? )\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[AaPp][Mm]\b)?` +
  String.raw`(?: ?(?:Z|UTC\b|GMT\b|[+-]\d\d:?\d\d|[+-](?:0\d|1[0-4])\b)| \(?(?:${namedZone})\b\)?)?`;

/** Times that are in brackets within a line of text, or lead it in particular servers. */
export const clfTime = String.raw`\d\d[/ -][A-Z][a-z]{2}[/ -]\d{4}[: ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: UTC| [+-]\d{4}| (?:${namedZone})\b)?`;
export const cTime = String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}`;

/**
 * RE2 pattern of a time: a form above, or a number. A current time has 10 digits in seconds, 13 in milliseconds, 16
 * in microseconds, 19 in nanoseconds.
 */
export const timePattern = [
  ...timeForms.map((form) => form.replaceAll(/\(\?<\w+>/g, '(')),
  '^[1-9][0-9]{8,9}([.][0-9]+)?$',
  '^[1-9][0-9]{12}([.][0-9]+)?$',
  '^[1-9][0-9]{15}([0-9]{3})?$',
].join('|');
