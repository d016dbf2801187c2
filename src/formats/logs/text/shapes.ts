import { levelWords } from '../levels.ts';
import type { TextShape } from '../log-format.ts';
import { leadingTime } from '../time-forms.ts';

const time = `\\[?(?<time>${leadingTime})\\]?`;
/** A thread in brackets, Python's `- logger -`, loguru's bar, Monolog's `channel.`. */
const beforeLevel =
  '[ \\t]*(?:[ \\t]\\[[^\\]]{0,80}\\]|[ \\t]-(?:[ \\t][^ \\t]{1,80}[ \\t]-)?|[ \\t]\\|)?[ \\t]+(?:[\\w-]{1,80}\\.)?';

/**
 * Times and levels that a line of text begins with. Syslog's parts are taken apart; elsewhere the message stays the
 * whole line, because nobody knows where it begins.
 */
export const textShapes: readonly TextShape[] = [
  {
    name: 'syslog',
    // RFC 5424
    text: String.raw`^<(?<priority>\d{1,3})>1 (?:-|(?<time>\S+)) (?:-|(?<host>\S+)) (?:-|(?<service>\S+)) (?:-|(?<pid>\S+)) (?:-|(?<message_id>\S+)) (?:-|(?<structured_data>\[.*?[^\\]\]))(?: (?<message>.*))?$`,
  },
  {
    name: 'syslog',
    // RFC 3164
    text: String.raw`^(?:<(?<priority>\d{1,3})>)?(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?<host>\S+) (?<service>[^\s:[]+)(?:\[(?<pid>\d+)\])?: ?(?<message>.*)$`,
  },
  {
    name: 'klog',
    // The year is missing, and the level is its first letter.
    text: String.raw`^(?<level>[IWEF])(?<time>\d{4} \d\d:\d\d:\d\d\.\d+) +(?<thread>\d+) (?<source>[^ :\]]+:\d+)\] (?<message>.*)$`,
  },
  { name: 'text', text: `^${time}${beforeLevel}\\[?(?<level>${levelWords})\\b` },
  // nginx
  { name: 'text', text: `^${time}[ \\t]+\\[(?<level>[a-z]{3,9})\\] ` },
  // Apache
  {
    name: 'text',
    text: String.raw`^\[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(?<logger>\w*):)?(?<level>[a-z]+)\d?\] `,
  },
  // logfmt
  { name: 'text', text: `^(?:time|ts)="?(?<time>${leadingTime})"? level=(?<level>[A-Za-z]+) ` },
  { name: 'text', text: `^${time}(?:[ \\t]|$)` },
  // log4j's `%p %d`, glog with a year
  { name: 'text', text: `^\\[?(?<level>${levelWords})\\]?:?[ \\t]+${time}(?:[ \\t]|$)` },
  // Python
  { name: 'text', text: `^(?<level>${levelWords}):(?<logger>[\\w.]{1,200}):` },
  { name: 'text', text: `^\\[?(?<level>${levelWords})(?:\\]|:?[ \\t])` },
];
