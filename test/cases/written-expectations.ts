import type { Expectation } from './expectation.ts';

/** The same lines of nginx, whatever carries them. */
const fourPages: Expectation = {
  requests: [0, 1, 2, 3].map((page) => ({
    time: `2026-08-21 07:24:3${page}.000`,
    client_ip: '203.0.113.9',
    method: 'GET',
    host: '',
    path: `/a${page}`,
    status: 200,
    bytes_sent: 9,
    user_agent: 'ua',
    http_version: 'HTTP/1.1',
  })),
};

/** What is expected of the inputs that were written after the formats' documentation, by name; see README.md. */
export const writtenExpectations: Readonly<Record<string, Expectation>> = {
  'written-azure-appgw.json': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        client_port: 45057,
        method: 'GET',
        host: 'www.example.com',
        path: '/a',
        query: 'x=1',
        status: 200,
        bytes_sent: 466,
        bytes_received: 184,
        duration: 0.034,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
  },
  'written-azure-frontdoor.json': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        client_port: 4711,
        method: 'GET',
        host: 'www.example.com',
        path: '/a',
        query: 'x=1',
        status: 200,
        bytes_sent: 512,
        bytes_received: 100,
        duration: 0.123,
        user_agent: 'curl/8.0',
      },
    ],
  },
  'written-caddy-console.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026/03/01 12:00:00.123\tINFO\tserving initial configuration',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '2026/03/01 12:00:01.123\tINFO\thttp.log.access.log0\thandled request\t{"request": {"remote_ip": "203.0.113.7", "remote_port": "41342", "client_ip": "203.0.113.7", "proto": "HTTP/2.0", "method": "GET", "host": "example.com", "uri": "/a?b=c", "headers": {"User-Agent": ["curl/8.0"]}}, "bytes_read": 0, "user_id": "", "duration": 0.0012, "size": 12, "status": 200, "resp_headers": {"Server": ["Caddy"]}}',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026/03/01 12:00:02.123\tERROR\thttp.log.error\tdial tcp 127.0.0.1:9000: connect: connection refused\t{"request": {"remote_ip": "203.0.113.7"}, "duration": 0.1}',
      },
    ],
  },
  'written-caddy-json-mixed.log': {
    requests: [
      {
        time: '2026-03-01 12:00:01.500',
        client_ip: '203.0.113.7',
        client_port: 41342,
        method: 'GET',
        host: 'example.com',
        path: '/a',
        query: 'b=c',
        status: 200,
        bytes_sent: 12,
        duration: 0.0012,
        user_agent: 'curl/8.0',
        referer: 'https://r.example/',
        http_version: 'HTTP/2.0',
        tls_protocol: 'TLSv1.3',
      },
    ],
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: 'serving initial configuration',
      },
      {
        time: '2026-03-01 12:00:02.500',
        level: 'ERROR',
        logger: 'http.log.error',
        service: '',
        host: '',
        message: 'no upstreams available',
      },
    ],
  },
  'written-caddy-torn.log': {
    requests: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((second) => ({
      time: `2026-03-01 10:00:0${second}.000`,
      client_ip: '203.0.113.9',
      path: `/${second}`,
      status: 200,
    })),
    logs: [
      { time: '2026-03-01 10:00:20.000', level: 'INFO', logger: 'tls', message: 'certificate obtained' },
      {
        time_from: 'arrival',
        message:
          '"{"level":"info","ts":1772359203,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.9","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"/3"},"duration":0.001,"size":6,"status":200}"',
      },
      {
        time_from: 'arrival',
        message:
          't","request":{"remote_ip":"203.0.113.9","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"/2"},"duration":0.001,"size":6,"status":200}',
      },
      {
        time_from: 'arrival',
        message: '{"level":"info","ts":1772359201,"logger":"http.log.access","msg":"handled request","reques',
      },
    ],
  },
  'written-cef.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: '',
        message:
          'CEF:0|Security|threatmanager|1.0|100|worm successfully stopped|10|src=10.0.0.1 dst=2.1.2.2 spt=1232 rt=1772366400000',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: 'host',
        message:
          'CEF:0|Palo Alto Networks|PAN-OS|10.1|THREAT|url|4|rt=Mar 01 2026 12:00:01 GMT src=203.0.113.7 dst=10.0.0.1',
      },
      {
        time: '2026-03-01 12:00:02.000',
        level: 'INFO',
        service: '',
        host: 'host',
        message: 'CEF:0|V|P|1|1|name with \\| pipe|3|msg=a\\=b',
      },
    ],
  },
  'written-celery.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '[2026-03-01 12:00:00,123: INFO/MainProcess] Connected to redis://redis:6379/0',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '[2026-03-01 12:00:01,123: ERROR/ForkPoolWorker-1] Task x raised unexpected: ValueError()\nTraceback (most recent call last):\n  File "/x.py", line 1, in y\nValueError',
      },
    ],
  },
  'written-compose-app-trace.log': {
    logs: [
      {
        time: '2026-03-01 12:00:01.123',
        level: 'ERROR',
        service: 'app-1',
        host: '',
        message:
          '2026-03-01 12:00:01,123 ERROR [main] c.e.App - failed\njava.lang.IllegalStateException: boom\n\tat com.example.App.main(App.java:5)\nCaused by: java.io.IOException: disk\n\t... 12 more',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'INFO',
        service: 'app-1',
        host: '',
        message: '2026-03-01 12:00:02,123 INFO  [main] c.e.App - ok',
      },
    ],
  },
  'written-compose-mixed.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:05.000',
        client_ip: '203.0.113.8',
        method: 'GET',
        host: '',
        path: '/b',
        status: 404,
        bytes_sent: 5,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
    logs: [
      {
        time: '2026-03-01 12:00:01.123',
        level: 'INFO',
        service: 'app-1',
        host: '',
        message: '2026-03-01 12:00:01,123 INFO  [main] c.e.App - started',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'INFO',
        service: 'db-1',
        host: '',
        message: '2026-03-01 12:00:02.123 UTC [1] LOG:  database system is ready to accept connections',
      },
      { time: '2026-03-01 12:00:03.000', level: 'ERROR', service: 'app-1', host: '', message: 'failed' },
      {
        time: '2026-03-01 12:00:04.123',
        level: '',
        service: 'redis-1',
        host: '',
        message: '1:M 01 Mar 2026 12:00:04.123 * Ready to accept connections',
      },
      {
        time_from: 'arrival',
        level: '',
        service: 'app-1',
        host: '',
        message: 'java.lang.IllegalStateException: boom\n    at com.example.App.main(App.java:5)',
      },
    ],
  },
  'written-compressed.log.bz2': { refused: 'it is compressed with bzip2; decompress it first' },
  'written-compressed.log.xz': { refused: 'it is compressed with xz; decompress it first' },
  'written-compressed.log.zst': { refused: 'it is compressed with zstd; decompress it first' },
  'written-cri-mixed.log': {
    logs: [
      { time: '2026-03-01 11:00:00.000', level: 'WARN', service: '', host: '', message: 'slow' },
      { time: '2026-03-01 11:00:01.000', level: 'ERROR', service: '', host: '', message: 'pkg/mod: Failed to watch' },
      { time: '2026-03-01 11:00:02.000', level: 'INFO', service: '', host: '', message: 'part one' },
    ],
  },
  'written-docker-trace.log': {
    requests: [
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/d',
        status: 200,
        bytes_sent: 5,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:00,123 ERROR app.main - failed\nTraceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\n    1/0\nZeroDivisionError: division by zero',
      },
    ],
  },
  'written-dotnet-console.log': {
    logs: [
      {
        time_from: 'arrival',
        level: 'ERROR',
        logger: 'Microsoft.AspNetCore.Server.Kestrel',
        service: '',
        host: '',
        message:
          'fail: Microsoft.AspNetCore.Server.Kestrel[13]\n      Connection id "0HN", Request id "0HN:1": An unhandled exception was thrown by the application.\n      System.InvalidOperationException: boom\n         at Program.<>c.<<Main>$>b__0_0() in /app/Program.cs:line 5',
      },
      {
        time_from: 'arrival',
        level: 'INFO',
        logger: 'Microsoft.Hosting.Lifetime',
        service: '',
        host: '',
        message: 'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080',
      },
    ],
  },
  'written-dotnet-json-console.log': {
    logs: [
      { time: '2026-03-01 12:00:00.000', level: 'ERROR', logger: 'X', service: '', host: '', message: 'boom' },
      {
        time_from: 'arrival',
        level: 'INFO',
        logger: 'Microsoft.Hosting.Lifetime',
        service: '',
        host: '',
        message: 'Now listening on: http://[::]:8080',
      },
    ],
  },
  'written-ecs-firelens.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
    logs: [
      {
        time: '2026-03-01 12:00:01.000',
        level: 'ERROR',
        service: '/ecs-web-1',
        host: '',
        message: '2026/03/01 12:00:01 [error] 29#29: *1 open() failed',
      },
    ],
  },
  'written-eks-authenticator.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: 'INFO',
        service: '',
        host: '',
        message:
          'time="2026-03-01T12:00:00Z" level=info msg="access granted" arn="arn:aws:iam::1:role/x" client="127.0.0.1:1" groups="[system:nodes]" method=POST path=/authenticate',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: 'WARN',
        service: '',
        host: '',
        message:
          'time="2026-03-01T12:00:01Z" level=warning msg="access denied" client="127.0.0.1:2" error="input token was not properly formatted" method=POST path=/authenticate',
      },
    ],
  },
  'written-elasticsearch-server.json': {
    logs: [
      { time: '2026-03-01 12:00:00.123', level: 'INFO', service: '', host: '', message: 'started' },
      { time: '2026-03-01 12:00:01.123', level: 'WARN', service: '', host: '', message: 'w' },
    ],
  },
  'written-fastly-syslog-json.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: 'www.example.com',
        path: '/a',
        query: 'x=1',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/2',
      },
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.8',
        method: 'POST',
        host: 'www.example.com',
        path: '/b',
        status: 503,
        user_agent: 'x',
        referer: 'https://r/',
        http_version: 'HTTP/1.1',
      },
    ],
  },
  'written-gelf-nul.log': {
    refused: "its objects are separated by zero bytes, as in GELF; write one object per line, as tr '\\0' '\\n' does",
  },
  'written-go-panic.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: '',
        message: '2026/03/01 12:00:00 listening on :8080',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '2026/03/01 12:00:01 http: panic serving 203.0.113.7:51234: boom\ngoroutine 19 [running]:\nnet/http.(*conn).serve.func1()\n\t/usr/local/go/src/net/http/server.go:1868 +0xb9\npanic({0x6d3ae0?, 0x7f0c40?})\n\t/usr/local/go/src/runtime/panic.go:920 +0x270\ncreated by net/http.(*Server).Serve in goroutine 1\n\t/usr/local/go/src/net/http/server.go:3086 +0x5cb',
      },
      { time: '2026-03-01 12:00:02.000', level: '', service: '', host: '', message: '2026/03/01 12:00:02 ok' },
    ],
  },
  'written-gunicorn-mixed.log': {
    requests: [
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:02.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/b',
        status: 500,
        bytes_sent: 12,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: 'INFO',
        service: '',
        host: '',
        message: '[2026-03-01 12:00:00 +0000] [7] [INFO] Listening at: http://0.0.0.0:8000 (7)',
      },
      {
        time: '2026-03-01 12:00:00.000',
        level: 'INFO',
        service: '',
        host: '',
        message: '[2026-03-01 12:00:00 +0000] [7] [INFO] Starting gunicorn 21.2.0',
      },
      {
        time: '2026-03-01 12:00:03.000',
        level: 'ERROR',
        service: '',
        host: '',
        message: '[2026-03-01 12:00:03 +0000] [8] [ERROR] Error handling request /b',
      },
    ],
  },
  'written-haproxy-http-syslog.log': {
    requests: [
      {
        time: '2026-08-15 12:00:00.655',
        client_ip: '203.0.113.7',
        client_port: 33318,
        method: 'GET',
        host: '',
        path: '/index.html',
        status: 200,
        bytes_sent: 2750,
        duration: 0.109,
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-08-15 12:00:01.655',
        client_ip: '203.0.113.7',
        client_port: 33319,
        method: 'GET',
        host: '',
        path: '/aborted',
        duration: 0.109,
        http_version: 'HTTP/1.1',
      },
    ],
    rejected: [[3, 'not a line of haproxy']],
  },
  'written-haproxy-tcp-syslog.log': {
    requests: [
      {
        time: '2026-02-06 12:12:14.655',
        client_ip: '10.0.1.2',
        method: 'GET',
        path: '/index.html',
        status: 200,
        bytes_sent: 2750,
      },
    ],
    logs: [
      {
        time: '2026-02-06 12:12:09.655',
        level: '',
        service: 'haproxy',
        host: 'localhost',
        message: '10.0.1.2:33313 [06/Feb/2026:12:12:09.655] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0',
      },
      {
        time: '2026-02-06 12:12:10.655',
        level: '',
        service: 'haproxy',
        host: 'localhost',
        message: '10.0.1.2:33314 [06/Feb/2026:12:12:10.655] fnt/1: SSL handshake failure',
      },
    ],
  },
  'written-iis-fewer.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/default.htm',
        status: 200,
        duration: 0.015,
      },
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a+b.htm',
        status: 404,
        duration: 0.031,
      },
      {
        time: '2026-03-01 12:10:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/x',
        query: 'q=1',
        status: 200,
        duration: 1.687,
        user_agent: 'Mozilla/5.0 (X11)',
      },
    ],
  },
  'written-ingress-nginx.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.8',
        method: 'GET',
        host: '',
        path: '/b',
        status: 503,
        bytes_sent: 190,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/2.0',
      },
    ],
  },
  'written-journald-bytes.log': {
    logs: [
      { time: '2026-11-25 09:46:40.000', level: '', host: 'h', message: '[300]' },
      { time: '2026-11-25 09:46:40.000', level: '', host: 'h', message: '[]' },
      { time: '2026-11-25 09:46:40.000', level: 'ERROR', host: 'h', message: 'hi w' },
      {
        time: '2026-11-25 09:46:40.000',
        level: '',
        host: 'h',
        message: '{"MESSAGE":null,"PRIORITY":"4","__REALTIME_TIMESTAMP":"1795600000000000","_HOSTNAME":"h"}',
      },
      { time: '2026-11-25 09:46:40.000', level: 'WARN', host: 'h', message: '\uFFFDhi w' },
      { time: '2026-11-25 09:46:41.000', level: 'INFO', host: 'h', message: 'ok' },
    ],
  },
  'written-journald-in-syslog.log': {
    logs: [
      { time: '2026-11-25 09:46:40.000', level: 'ERROR', service: 'nginx', host: 'h', message: 'hi w' },
      { time: '2026-11-25 09:46:40.000', level: 'WARN', service: 'nginx', host: 'h', message: '\uFFFDhi w' },
      { time: '2026-11-25 09:46:41.000', level: 'INFO', service: 'nginx', host: 'h', message: 'ok' },
    ],
  },
  'written-kubectl-prefix.log': {
    logs: [
      {
        time: '2026-11-20 10:00:00.000',
        level: 'INFO',
        service: 'app',
        host: 'web-1',
        message: '2026-11-20T10:00:00Z INFO hi',
      },
      {
        time: '2026-11-20 10:00:01.000',
        level: 'ERROR',
        service: 'app',
        host: 'web-2',
        message: '2026-11-20T10:00:01Z ERROR ho',
      },
    ],
  },
  'written-leef.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: 'host',
        message: 'LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|src=192.0.2.0\tdst=172.50.123.1\tsev=5\tcat=anomaly',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: 'host',
        message: 'LEEF:2.0|Lancope|StealthWatch|1.0|41|^|src=192.0.2.0^dst=172.50.123.1^sev=5',
      },
    ],
  },
  'written-lighttpd-error.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: '',
        message: '2026-03-01 12:00:00: (server.c.1464) server started (lighttpd/1.4.59)',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:01: (mod_fastcgi.c.421) FastCGI-stderr: PHP Warning:  Undefined variable $x in /var/www/index.php on line 3',
      },
      {
        time: '2026-03-01 12:00:02.000',
        level: '',
        service: '',
        host: '',
        message: '2026-03-01 12:00:02: (connections.c.1210) invalid request-line -> sending Status 400',
      },
    ],
  },
  'written-logback-default.log': {
    logs: [
      {
        time_from: 'arrival',
        level: 'INFO',
        service: '',
        host: '',
        message: '12:00:00.123 [main] INFO  com.example.App - started',
      },
      {
        time_from: 'arrival',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '12:00:01.123 [main] ERROR com.example.App - failed\njava.lang.IllegalStateException: x\n\tat com.example.App.main(App.java:5)',
      },
    ],
  },
  'written-logback-spring.log': {
    logs: [
      {
        time: '2026-03-01 11:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '2026-03-01T12:00:00.123+01:00  INFO 12345 --- [demo] [           main] c.example.demo.DemoApplication           : Starting DemoApplication',
      },
      {
        time: '2026-03-01 11:00:01.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01T12:00:01.123+01:00 ERROR 12345 --- [demo] [nio-8080-exec-1] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() threw\n\njava.lang.RuntimeException: boom\n\tat com.example.demo.X.y(X.java:10) ~[classes/:na]\n\tat java.base/java.lang.Thread.run(Thread.java:833) ~[na:na]',
      },
      {
        time: '2026-03-01 11:00:02.123',
        level: 'WARN',
        service: '',
        host: '',
        message: '2026-03-01T12:00:02.123+01:00  WARN 12345 --- [demo] [main] c.e.d.X : w',
      },
    ],
  },
  'written-lograge.log': {
    refused: 'its lines are logfmt without a known time; write time=…, or store them as they are with --format text',
  },
  'written-logs.tar.gz': { refused: 'it is a tar archive within gzip; unpack it first' },
  'written-msk-kafka.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '[2026-03-01 12:00:00,123] INFO [GroupCoordinator 1]: Preparing to rebalance group x (kafka.coordinator.group.GroupCoordinator)',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'WARN',
        service: '',
        host: '',
        message:
          '[2026-03-01 12:00:01,123] WARN [ReplicaFetcher replicaId=1, leaderId=2] Error in response (kafka.server.ReplicaFetcherThread)\njava.io.IOException: Connection to 2 was disconnected\n\tat org.apache.kafka.clients.NetworkClientUtils.sendAndReceive(NetworkClientUtils.java:99)',
      },
    ],
  },
  'written-mysql-error.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: '',
        service: '',
        host: '',
        message:
          '2026-03-01T12:00:00.123456Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0.35) starting as process 1',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'WARN',
        service: '',
        host: '',
        message: '2026-03-01T12:00:01.123456Z 1 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'ERROR',
        service: '',
        host: '',
        message: "2026-03-01T12:00:02.123456Z 8 [ERROR] [MY-000067] [Server] unknown variable 'x=1'.",
      },
    ],
  },
  'written-mysql-slow.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: '',
        service: '',
        host: '',
        message:
          "# Time: 2026-03-01T12:00:00.123456Z\n# User@Host: app[app] @  [10.0.0.5]  Id:    42\n# Query_time: 2.000123  Lock_time: 0.000010 Rows_sent: 1  Rows_examined: 100000\nuse shop;\nSET timestamp=1772366398;\nSELECT * FROM orders WHERE note = 'a; b';",
      },
      {
        time: '2026-03-01 12:00:05.000',
        level: '',
        service: '',
        host: '',
        message:
          '# Time: 2026-03-01T12:00:05.000000Z\n# User@Host: app[app] @  [10.0.0.6]  Id:    43\n# Query_time: 1.000000  Lock_time: 0.000000 Rows_sent: 0  Rows_examined: 5\nSET timestamp=1772366404;\nUPDATE t SET a = 1;',
      },
      {
        time_from: 'arrival',
        level: '',
        service: '',
        host: '',
        message:
          '/rdsdbbin/mysql/bin/mysqld, Version: 8.0.35 (Source distribution). started with:\nTcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument',
      },
    ],
  },
  'written-netscaler-w3c.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/index.html',
        status: 200,
        bytes_sent: 1523,
        bytes_received: 340,
        user_agent: 'Mozilla/5.0 (X11)',
        http_version: 'HTTP/1.1',
      },
    ],
  },
  'written-nginx-in-compose.log': fourPages,
  'written-nginx-in-syslog-5424-bom.log': fourPages,
  'written-nginx-in-syslog.log': fourPages,
  'written-nginx-json-escapes.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/a"b',
        status: 200,
        bytes_sent: 512,
        duration: 0.001,
        user_agent: 'x"y',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/ok',
        status: 200,
        bytes_sent: 512,
        duration: 0.001,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:02.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/ok2',
        status: 200,
        bytes_sent: 512,
        duration: 0.001,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
  },
  'written-node-trace.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          "2026-03-01T12:00:00.123Z error: failed\nTypeError: Cannot read properties of undefined (reading 'x')\n    at Object.<anonymous> (/app/index.js:3:9)\n    at Module._compile (node:internal/modules/cjs/loader:1358:14) {\n  code: 'E_X'\n}",
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01T12:00:01.123Z info: ok',
      },
    ],
  },
  'written-python-logging.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01 12:00:00,123 - app.main - INFO - started',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:01,123 - app.main - ERROR - failed\nTraceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\n    1/0\nZeroDivisionError: division by zero\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "/app/main.py", line 5, in <module>\n    raise ValueError("x") from e\nValueError: x',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'WARN',
        service: '',
        host: '',
        message: '2026-03-01 12:00:02,123 - app.main - WARNING - w',
      },
    ],
  },
  'written-rails.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message:
          'I, [2026-03-01T12:00:00.123456 #12345]  INFO -- : [abc] Started GET "/a?x=1" for 203.0.113.7 at 2026-03-01 12:00:00 +0000',
      },
      {
        time: '2026-03-01 12:00:00.223',
        level: 'INFO',
        service: '',
        host: '',
        message:
          'I, [2026-03-01T12:00:00.223456 #12345]  INFO -- : [abc] Completed 200 OK in 12ms (Views: 1.0ms | ActiveRecord: 2.0ms)',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'FATAL',
        service: '',
        host: '',
        message:
          'F, [2026-03-01T12:00:01.123456 #12345] FATAL -- : [abd] ActionController::RoutingError (No route matches [GET] "/x"):\napp/controllers/x.rb:12:in `index\'',
      },
    ],
  },
  'written-rds-postgres.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:00 UTC:203.0.113.7(57046):app@shop:[12345]:LOG:  duration: 1234.567 ms  statement: SELECT 1',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:01 UTC:203.0.113.7(57046):app@shop:[12345]:ERROR:  relation "x" does not exist at character 15',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:01 UTC:203.0.113.7(57046):app@shop:[12345]:STATEMENT:  SELECT *\n\tFROM x\n\tWHERE y = 1',
      },
      {
        time: '2026-03-01 12:00:02.000',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01 12:00:02 UTC::@:[398]:LOG:  checkpoint starting: time',
      },
    ],
  },
  'written-serilog-console.log': {
    logs: [
      { time_from: 'arrival', level: 'INFO', service: '', host: '', message: '[12:00:00 INF] Starting up' },
      {
        time_from: 'arrival',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '[12:00:01 ERR] Unhandled exception\nSystem.InvalidOperationException: boom\n   at Program.Main(String[] args) in C:\\app\\Program.cs:line 12',
      },
      { time_from: 'arrival', level: 'WARN', service: '', host: '', message: '[12:00:02 WRN] w' },
    ],
  },
  'written-serilog-file.log': {
    logs: [
      {
        time: '2026-03-01 11:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01 12:00:00.123 +01:00 [INF] Starting up',
      },
      {
        time: '2026-03-01 11:00:01.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01 12:00:01.123 +01:00 [ERR] Unhandled exception\nSystem.InvalidOperationException: boom\n   at Program.Main(String[] args) in C:\\app\\Program.cs:line 12\n ---> System.IO.IOException: disk\n   --- End of inner exception stack trace ---',
      },
      {
        time: '2026-03-01 11:00:02.123',
        level: 'WARN',
        service: '',
        host: '',
        message: '2026-03-01 12:00:02.123 +01:00 [WRN] w',
      },
    ],
  },
  'written-shoutcast-w3c.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        host: '',
        path: '/stream?title=Some%20Song',
        status: 200,
        bytes_sent: 1239312,
        user_agent: 'WinampMPEG%2F5.50',
      },
    ],
  },
  'written-ssh-auth.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: '',
        service: 'sshd',
        host: 'web-1',
        message: 'Failed password for root from 203.0.113.7 port 51234 ssh2',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: '',
        service: '',
        host: '',
        message:
          '2026-03-01T12:00:01.123456+00:00 web-1 sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/ls',
      },
    ],
  },
  'written-supervisord.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01 12:00:00,123 INFO supervisord started with pid 1',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'FATAL',
        service: '',
        host: '',
        message: '2026-03-01 12:00:01,123 CRIT Supervisor is running as root.',
      },
    ],
  },
  'written-syslog-of-many.log': {
    requests: [{ time: '2026-11-26 10:00:00.000', client_ip: '203.0.113.9', method: 'GET', path: '/a', status: 200 }],
    logs: [
      {
        time: '2026-11-26 09:00:04.000',
        level: 'ERROR',
        service: 'api',
        host: 'h1',
        message: 'in',
        'attributes.pid': '9',
      },
      {
        time: '2026-11-26 10:00:02.000',
        level: '',
        service: 'cron',
        host: 'h1',
        message: '(root) CMD (x)',
        'attributes.pid': '1',
      },
      {
        time: '2026-11-26 10:00:03.000',
        level: '',
        service: 'sshd',
        host: 'h1',
        message: 'Accepted publickey',
        'attributes.pid': '3',
      },
      {
        time: '2026-11-26 10:00:05.500',
        level: 'WARN',
        service: 'app',
        host: 'h1',
        message: '2026-11-26 10:00:05,500 WARN slow',
      },
    ],
  },
  'written-airflow.log': {
    logs: [
      { time: '2026-03-01 12:00:00.123', level: 'INFO' },
      { time: '2026-03-01 12:00:01.000', level: 'ERROR' },
      { time: '2026-03-01 12:00:02.123', level: 'WARN' },
    ],
  },
  'written-fail2ban.log': {
    logs: [
      { time: '2026-03-01 12:00:00.123', level: 'INFO' },
      { time: '2026-03-01 12:00:01.123', level: 'INFO', 'attributes.level': 'NOTICE' },
    ],
  },
  'written-fluentd-file.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        time_from: 'envelope',
        level: 'ERROR',
        message: 'boom',
        request_id: 'r1',
        'attributes.tag': 'app.web',
      },
      { time: '2026-03-01 12:00:01.000', time_from: 'envelope', level: 'INFO', message: 'fine' },
    ],
  },
  'written-journald-short-iso.log': {
    requests: [
      { time: '2026-03-01 12:00:00.000', client_ip: '203.0.113.7', path: '/a', status: 200, 'extra.pid': '12' },
      { time: '2026-03-01 12:00:01.000', client_ip: '203.0.113.8', path: '/b', status: 404, 'extra.pid': '12' },
    ],
    logs: [{ time: '2026-03-01 12:00:02.000', service: 'systemd', host: 'web', message: 'Started nginx.' }],
  },
  'written-journald-short-precise.log': {
    requests: [{ time: '2026-03-01 12:00:00.000', client_ip: '203.0.113.7', path: '/a', status: 200 }],
    logs: [
      {
        time: '2026-03-01 12:00:01.123',
        service: 'kernel',
        host: 'web',
        message: 'Out of memory: Killed process 1',
      },
    ],
  },
  'written-spark.log': {
    logs: [
      { time: '2026-03-01 12:00:00.000', level: 'INFO', logger: 'SparkContext' },
      { time: '2026-03-01 12:00:01.000', level: 'WARN', logger: 'NativeCodeLoader' },
      { time: '2026-03-01 12:00:02.000', level: 'ERROR', logger: 'Executor' },
    ],
  },
  'written-stern.log': {
    requests: [
      { host: '', client_ip: '203.0.113.7', path: '/a', status: 200, 'extra.transport.host': 'web-7d4' },
      { host: '', client_ip: '203.0.113.8', path: '/b', status: 404, 'extra.transport.service': 'nginx' },
    ],
  },
  'written-swarm.log': {
    requests: ['/a', '/b'].map((path) => ({
      host: '',
      path,
      'extra.transport.service': 'web_nginx.1.abcdefghijkl',
      'extra.transport.host': 'node1',
    })),
  },
  'written-ts.log': {
    requests: [
      { time: '2026-03-01 12:00:00.000', host: '', client_ip: '203.0.113.7', path: '/a', status: 200 },
      { time: '2026-03-01 12:00:01.000', host: '', client_ip: '203.0.113.8', path: '/b', status: 404 },
    ],
  },
  'written-tail-any-order.log': {
    requests: ['made-0001', 'made-0002'].map((id) => ({
      time: '2026-03-01 10:00:00.123',
      request_id: id,
      host: 'www.example.com',
      path: '/a.html',
      status: 200,
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      'extra.log_stream': 'ecs/web/0a1b2c',
    })),
  },
  'written-tail-no-request.log': {
    requests: [
      { time: '2013-02-15 06:00:31.000', client_ip: '10.112.81.15', status: 400, 'extra.log_stream': 'ecs/web/0a1b2c' },
    ],
  },
  'written-text-zones.log': {
    logs: [
      { time: '2026-03-01 00:00:00.000', level: 'INFO', message: '2026-03-01 12:00:00 AM INFO b' },
      { time: '2026-03-01 08:00:00.123', level: 'ERROR', message: '2026-03-01 10:00:00.123 +02 ERROR short' },
      { time: '2026-03-01 13:00:00.000', level: 'ERROR', message: '2026-03-01 10:00:00 -03 [12] ERROR:  x' },
      { time: '2026-03-01 13:05:00.000', level: 'ERROR', message: '2026/03/01 01:05:00 PM ERROR something' },
      { time: '2026-03-01 23:59:59.000', level: 'INFO', message: '2026-03-01 11:59:59 PM INFO a' },
      { time_from: 'arrival', level: 'ERROR', message: '2026-03-01 10:00:00 America/New_York ERROR x' },
      { time_from: 'arrival', level: 'INFO', message: '2026-03-01 10:00:00,123 CET INFO  [main] c.a.Foo - x' },
    ],
  },
  'written-syslog-3164-apps.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: 'sshd',
        host: 'web-1',
        message: 'Accepted publickey for bob from 203.0.113.7 port 51234 ssh2',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: 'kernel',
        host: 'web-1',
        message: '[12345.678901] eth0: link up',
      },
      {
        time: '2026-03-01 12:00:02.000',
        level: '',
        service: 'CRON',
        host: 'web-1',
        message: '(root) CMD (run-parts /etc/cron.hourly)',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'ERROR',
        service: 'app',
        host: 'web-1',
        message: '2026-03-01 12:00:02,123 ERROR boom',
      },
      {
        time: '2026-03-01 12:00:03.000',
        level: '',
        service: 'systemd',
        host: 'web-1',
        message: 'Started Session 1 of user bob.',
      },
    ],
  },
  'written-syslog-5424.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.003',
        level: 'FATAL',
        service: 'su',
        host: 'mymachine.example.com',
        message: "'su root' failed for lonvick on /dev/pts/8",
      },
      {
        time: '2026-03-01 12:00:02.003',
        level: 'INFO',
        service: 'evntslog',
        host: 'mymachine.example.com',
        message: 'BOMAn application event log entry...',
      },
      {
        time: '2026-03-01 12:00:03.000',
        level: 'INFO',
        service: 'app',
        host: 'host',
        message: '<165>1 2026-03-01T12:00:03Z host app - - [a x="1"][b y="2"]',
      },
      {
        time: '2026-03-01 19:00:01.000',
        level: 'INFO',
        service: 'myproc',
        host: '192.0.2.1',
        message: "%% It's time to make the do-nuts.",
      },
    ],
  },
  'written-syslog-rest-of-request.log': {
    requests: [
      {
        time: '2026-11-26 10:00:00.000',
        client_ip: '203.0.113.9',
        method: 'GET',
        path: '/b',
        status: 200,
        user_agent: 'c',
      },
    ],
    logs: [
      {
        time: '2026-11-26 10:00:03.000',
        service: 'sshd',
        host: 'h1',
        message: 'Accepted publickey\n - [26/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12 "-" "c"',
      },
      { time: '2026-11-26 10:00:05.500', level: 'WARN', service: 'app', host: 'h1' },
    ],
  },
  'written-syslog-trace.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'ERROR',
        service: 'app',
        host: 'web-1',
        message:
          '2026-03-01 12:00:00,123 ERROR failed\njava.lang.IllegalStateException: boom\n\tat com.example.App.main(App.java:5)\n\tat com.example.App.run(App.java:6)',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'INFO',
        service: 'app',
        host: 'web-1',
        message: '2026-03-01 12:00:01,123 INFO ok',
      },
    ],
  },
  'written-tomcat-catalina.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.123',
        level: 'INFO',
        service: '',
        host: '',
        message:
          '01-Mar-2026 12:00:00.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1234] milliseconds',
      },
      {
        time: '2026-03-01 12:00:01.123',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '01-Mar-2026 12:00:01.123 SEVERE [http-nio-8080-exec-1] org.apache.catalina.core.StandardWrapperValve.invoke Servlet.service() for servlet [x] threw exception\n\tjava.lang.NullPointerException\n\t\tat com.example.Foo.bar(Foo.java:12)\n\t\tat com.example.Foo.baz(Foo.java:13)',
      },
      {
        time: '2026-03-01 12:00:02.123',
        level: 'WARN',
        service: '',
        host: '',
        message: '01-Mar-2026 12:00:02.123 WARNING [main] org.apache.x.Y.z hello',
      },
    ],
  },
  'written-traefik-app.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: 'INFO',
        service: '',
        host: '',
        message: '2026-03-01T12:00:00Z INF Traefik version 3.1.0 built on 2026-01-01 version=3.1.0',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          '2026-03-01T12:00:01Z ERR error="service \\"x\\" error: port is missing" container=x-1 providerName=docker',
      },
      {
        time: '2026-03-01 12:00:02.000',
        level: 'WARN',
        service: '',
        host: '',
        message:
          'time="2026-03-01T12:00:02Z" level=warning msg="Could not find network" container=y providerName=docker',
      },
    ],
  },
  'written-unbound.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: '',
        message: '[1772366400] unbound[1:0] info: start of service (unbound 1.17.1).',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: '',
        message: '[1772366401] unbound[1:0] error: x',
      },
    ],
  },
  'written-utf16le-nobom-combined.log': {
    requests: [
      {
        time: '2026-03-01 12:00:00.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/e0',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:01.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/e1',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:02.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/e2',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
      {
        time: '2026-03-01 12:00:03.000',
        client_ip: '203.0.113.7',
        method: 'GET',
        host: '',
        path: '/e3',
        status: 200,
        bytes_sent: 512,
        user_agent: 'curl/8.0',
        http_version: 'HTTP/1.1',
      },
    ],
  },
  'written-uvicorn.log': {
    logs: [
      {
        time_from: 'arrival',
        level: 'ERROR',
        service: '',
        host: '',
        message:
          'ERROR:    Exception in ASGI application\nTraceback (most recent call last):\n  File "/x.py", line 1, in y\nValueError: z',
      },
      {
        time_from: 'arrival',
        level: 'INFO',
        service: '',
        host: '',
        message: 'INFO:     203.0.113.7:51234 - "GET /a HTTP/1.1" 200 OK',
      },
      {
        time_from: 'arrival',
        level: 'INFO',
        service: '',
        host: '',
        message: 'INFO:     203.0.113.7:51234 - "GET /b HTTP/1.1" 500 Internal Server Error',
      },
      { time_from: 'arrival', level: 'INFO', service: '', host: '', message: 'INFO:     Started server process [1]' },
    ],
  },
  'written-vsftpd.log': {
    logs: [
      {
        time: '2026-03-01 12:00:00.000',
        level: '',
        service: '',
        host: '',
        message: 'Sun Mar  1 12:00:00 2026 [pid 2] CONNECT: Client "203.0.113.7"',
      },
      {
        time: '2026-03-01 12:00:01.000',
        level: '',
        service: '',
        host: '',
        message: 'Sun Mar  1 12:00:01 2026 [pid 1] [bob] OK LOGIN: Client "203.0.113.7"',
      },
    ],
  },
  'written-winston-simple.log': {
    logs: [
      {
        time_from: 'arrival',
        level: 'ERROR',
        service: '',
        host: '',
        message: 'error: Boom {"service":"user-service"}',
      },
      {
        time_from: 'arrival',
        level: 'INFO',
        service: '',
        host: '',
        message: 'info: Hello again {"service":"user-service"}',
      },
      { time_from: 'arrival', level: 'WARN', service: '', host: '', message: 'warn: hm' },
    ],
  },
  'written-zeek-conn.log': {
    refused: "it is Zeek's table; have Zeek write JSON (LogAscii::use_json=T), or store it as lines with --format text",
  },
};
