import { levelWords } from '../levels.ts';
import type { TextShape } from '../log-format.ts';
import { clfTime, cTime, leadingTime } from '../time-forms.ts';

const time = `\\[?(?<time>${leadingTime})\\]?`;
/** One of: a thread in brackets, Airflow's file, fail2ban's logger and process, Python's `- logger -`, loguru's bar. */
const beforeLevel =
  '[ \\t]*(?:' +
  [
    '[ \\t]\\[[^\\]\\n]*\\]',
    '[ \\t]\\{[^{}\\n]*\\}',
    '[ \\t][\\w.]+[ \\t]+\\[\\d+\\]:',
    '[ \\t]-(?:[ \\t]\\S+[ \\t]-)?',
    '[ \\t]\\|',
  ].join('|') +
  // Monolog's `channel.`
  ')?[ \\t]+(?:[\\w-]+\\.)?';

/** Syslog's host; what has a quote, a bar or an equals sign is something else. */
const host = '[^\\s\\x00-\\x1f"|=<>]+';

const priority = String.raw`(?:<(?<pri>\d{1,3})>)?`;
const ciscoTime = String.raw`[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{3})?(?: UTC)?`;
/** The digit is a severity of syslog. */
const ciscoMessage = String.raw`(?<message>%[A-Z][A-Z0-9_-]*-(?<level>[0-7])-\w+: .*)$`;

/** What may precede a time in brackets: what comes after more words is part of a message. */
export const fewWords = '(?:[^ \\[\\n]* ){0,15}[^ \\[\\n]*';

const smallLevels = 'silly|trace|verbose|debug|http|info|notice|warn|warning|error|crit|alert|emerg|fatal';

/**
 * Leading times and levels of a line of text. Syslog is split into its parts; elsewhere the message stays the
 * whole line, because its beginning is unknown.
 */
export const textShapes: readonly TextShape[] = [
  {
    name: 'syslog',
    // RFC 5424, in a stream with a length prefix (RFC 6587); a byte order mark may precede the message
    text: String.raw`^(?:\d{1,6} )?<(?<pri>\d{1,3})>1 (?:-|(?<time>\d{4}-[0-9T:.Z+-]+)) (?:-|(?<host>${host})) (?:-|(?<service>[^\s\x00-\x1f]+)) (?:-|(?<pid>[^\s\x00-\x1f]+)) (?:-|(?<message_id>[^\s\x00-\x1f]+)) (?:-|(?<structured_data>\[.*?[^\\]\]))(?: \x{FEFF}?(?<message>.*))?$`,
  },
  {
    name: 'syslog',
    // CEF and LEEF: no process, and the colon is part of the message
    text: String.raw`^${priority}(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|${leadingTime}) (?<host>${host}) (?<message>(?:CEF|LEEF): ?\d.*)$`,
  },
  {
    name: 'syslog',
    // RFC 3164, and journald's, with a fraction
    text: String.raw`^${priority}(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) (?<host>${host}) (?<service>[^\s:[\x00-\x1f]+)(?:\[(?<pid>\d+)\])?: ?(?<message>.*)$`,
  },
  {
    name: 'syslog',
    // rsyslog's own form, and Heroku's variant, which has no host. Without a process it could be any text.
    text: String.raw`^${priority}(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (?:(?<host>[\w.:-]+) )?(?<service>[\w./-]+)\[(?<pid>[^ \]]+)\]: ?(?<message>.*)$`,
  },
  // Cisco's firewalls: a year, and a blank before the colon; a host is optional
  { name: 'syslog', text: `^${priority}:?(?<time>${ciscoTime})(?: (?<host>${host}))? ?: ${ciscoMessage}` },
  // Cisco's routers: a sequence number, a host before the time; a mark says that the clock is not synchronised
  {
    name: 'syslog',
    text: `^${priority}(?:\\d{1,10}: )?(?:(?<host>${host}): )?[*.]?(?<time>${ciscoTime}): ${ciscoMessage}`,
  },
  {
    name: 'klog',
    // The year is missing, and the level is its first letter.
    text: String.raw`^(?<level>[IWEF])(?<time>\d{4} \d\d:\d\d:\d\d\.\d+) +(?<thread>\d+) (?<source>[^ :\]]+:\d+)\] (?<message>.*)$`,
  },
  { name: 'text', text: `^${time}${beforeLevel}\\[?(?<level>${levelWords})\\b` },
  // Spark and Hadoop
  {
    name: 'text',
    text: `^(?<time>\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d) (?<level>${levelWords}) (?<logger>[\\w.$]+):`,
  },
  // Elasticsearch
  { name: 'text', text: `^\\[(?<time>${leadingTime})\\]\\[(?<level>[A-Z]{4,5}) *\\]\\[(?<logger>[^\\s\\]]+) *\\]` },
  // nginx; MySQL, with a leading thread; structlog, which pads the level
  { name: 'text', text: `^${time}[ \\t]+(?:\\d+ )?\\[(?<level>[A-Za-z]{3,9}) *\\] ` },
  // PostgreSQL, with the prefix of RDS and others
  {
    name: 'text',
    text: `^${time}[: ](?:[^ "\\n]* ){0,15}?[^ "\\n]*?(?<level>DEBUG\\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC):  `,
  },
  // Tomcat
  { name: 'text', text: `^(?<time>${clfTime}) (?<level>[A-Z]{4,7}) ` },
  // PHP
  { name: 'text', text: `^\\[(?<time>${clfTime})\\] (?<level>NOTICE|WARNING|ERROR|ALERT|DEBUG): ` },
  // Ruby
  {
    name: 'text',
    text: `^[DIWEFA], \\[(?<time>${leadingTime}) #(?<pid>\\d+)\\] +(?<level>[A-Z]{3,5}) -- (?<logger>[^:\\n]*):`,
  },
  // Celery
  { name: 'text', text: `^\\[(?<time>${leadingTime}): (?<level>${levelWords})/` },
  // Apache
  {
    name: 'text',
    text: String.raw`^\[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(?<logger>\w*):)?(?<level>[a-z]+)\d?\] `,
  },
  // logfmt
  {
    name: 'text',
    text: `^(?:time|ts|t)="?(?<time>${leadingTime})"? (?:[a-z_]+=[^ "]+ )?level=(?<level>[A-Za-z]+)(?:[+-]\\d+)? `,
  },
  { name: 'text', text: `^level=(?<level>[A-Za-z]+)(?:[+-]\\d+)? (?:time|ts|t)="?(?<time>${leadingTime})"? ` },
  // Microsoft.Extensions.Logging
  { name: 'text', text: String.raw`^(?<level>trce|dbug|info|warn|fail|crit): (?<logger>[\w.]+)\[\d+\]` },
  // winston's examples: a level in small letters
  { name: 'text', text: `^${time} \\[?(?<level>${smallLevels})\\]?:` },
  { name: 'text', text: `^${time}(?:[ \\t:]|$)` },
  // winston's simple format
  { name: 'text', text: `^(?<level>${smallLevels}): ` },
  // logback's and Serilog's patterns for the console: a time of day is no time
  {
    name: 'text',
    text: `^\\[?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})? (?:\\[[^\\]\\n]*\\] )?(?<level>${levelWords})\\b`,
  },
  // unbound, Nagios
  { name: 'text', text: String.raw`^\[(?<time>[1-9]\d{9}(?:\.\d+)?)\] ` },
  // vsftpd, FTP transfer logs
  { name: 'text', text: `^(?<time>${cTime}) ` },
  // MySQL's log of slow queries
  { name: 'text', text: `^# Time: (?<time>${leadingTime})` },
  // CEF and LEEF without syslog
  {
    name: 'text',
    text: String.raw`^(?:CEF|LEEF):[\d.]{1,5}\|(?<vendor>[^|]*)\|(?<product>[^|]*)\|(?:.*?[|\s]rt=(?<time>[1-9]\d{12})(?:\s|$))?`,
  },
  // auditd
  { name: 'text', text: String.raw`^type=[A-Z_]+ msg=audit\((?<time>\d{10}\.\d{3}):` },
  // Squid
  { name: 'text', text: String.raw`^(?<time>\d{10}\.\d{3}) +\d+ ` },
  // Redis; HAProxy, uWSGI and servers with custom lines: the first time in brackets
  { name: 'text', text: `^\\d+:[A-Z] (?<time>${clfTime}) ` },
  { name: 'text', text: `^${fewWords}(?:\\[[^\\]\\n]*\\]${fewWords})?\\[(?<time>${clfTime}|${cTime})\\]` },
  // log4j's `%p %d`, glog with a year
  { name: 'text', text: `^\\[?(?<level>${levelWords})\\]?:?[ \\t]+${time}(?:[ \\t]|$)` },
  // Python
  { name: 'text', text: `^(?<level>${levelWords}):(?<logger>[\\w.]+):` },
  { name: 'text', text: `^\\[?(?<level>${levelWords})(?:\\]|:?[ \\t])` },
];
