/** Inputs that are not supported logs, though they have keys or values that a log may have; by their kind. */
export const noLogs: Readonly<Record<string, readonly string[]>> = {
  'CSV of measurements': ['date,time,temperature', '2026-03-01,10:00:00,21.5', '2026-03-01,10:05:00,21.7'],
  'CSV of sales': ['date,time,amount,asn', '2026-03-01,10:00:00,200,1', '2026-03-01,10:00:00,201,1'],
  'CSV of networks': ['timestamp,asn,count', '1772359200,64496,1', '1772359201,64497,1'],
  'CSV of traffic': [
    'protocol,packets,bytes,start,end',
    'tcp,1,2,1772359200,1772359201',
    'udp,3,4,1772359200,1772359201',
  ],
  'TSV of measurements': ['2026-03-01\t10:00:00\t21.5\t22.5\t23.5', '2026-03-01\t10:00:01\t21.5\t22.5\t23.6'],
  'TSV of visitors': ['2026-03-01\t10:00:00\tABC\t5\t192.0.2.1\tJohn', '2026-03-01\t10:00:01\tDEF\t6\t192.0.2.2\tJane'],
  'TSV of jobs': ['1772359200\tfoo\t12\t13\t14\tbar', '1772359201\tbaz\t12\t13\t14\tqux'],
  'CSV of shares': ['2026-03-01,10:00:00,ABC,10,1.2.3.4,x', '2026-03-01,10:00:01,DEF,10,1.2.3.4,x'],
  'a list of numbers': [
    '2 1 3 4 5 6 7 8 9 10 1772359200 1772359201 13 14',
    '2 1 3 4 5 6 7 8 9 10 1772359200 1772359201 13 15',
  ],
  'JSON of a package': ['{"name":"x","version":"1.0","dependencies":{}}'],
  'JSON of a map': ['{"type":"Feature","geometry":{"type":"Point"},"properties":{}}'],
  'an S3 inventory': [
    '"bucket","a.txt","123","2026-03-01T10:00:00.000Z","abc","STANDARD"',
    '"bucket","b.txt","124","2026-03-01T10:00:01.000Z","def","STANDARD"',
  ],
  'users of a system': ['root:x:0:0:root:/root:/bin/bash', 'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin'],
  'a program': ['import x from "y";', 'const a = 1;', 'export { a };'],
  "Zeek's connections": [
    '#separator \\x09',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto',
    '1772359200.123456\tCHhAvVGS1DHFjwGM9\t192.0.2.1\t1234\t192.0.2.2\t80\ttcp',
  ],
  "Squid's log": [
    '1772359200.123    345 192.0.2.1 TCP_MISS/200 1234 GET http://example.com/ - DIRECT/192.0.2.9 text/html',
    '1772359201.123     45 192.0.2.1 TCP_HIT/200 1234 GET http://example.com/ - NONE/- text/html',
  ],
  "Akamai's log": [
    '2026-03-01\t10:00:00\t192.0.2.1\tGET\t/www.example.com/a\t200\t5\t1\t"-"\t"x"\t"-"',
    '2026-03-01\t10:00:01\t192.0.2.1\tGET\t/www.example.com/b\t200\t5\t1\t"-"\t"x"\t"-"',
  ],
  "Exchange's log": [
    '#Software: Microsoft Exchange Server',
    '#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname',
    '2026-03-01T10:00:00.000Z,192.0.2.1,a,192.0.2.2,b',
  ],
  "Windows' firewall": [
    '#Version: 1.5',
    '#Software: Microsoft Windows Firewall',
    '#Fields: date time action protocol src-ip dst-ip src-port dst-port size',
    '2026-03-01 10:00:00 ALLOW TCP 192.0.2.1 192.0.2.2 1 2 0',
  ],
  'a notification of S3': [
    '{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-03-01T10:00:00Z","eventName":"ObjectCreated:Put","s3":{}}]}',
  ],
};
