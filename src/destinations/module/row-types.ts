/** Written by row-types.test.ts from the tables of the store. Times are ISO 8601 in UTC. */

export interface RequestRow {
  /** When the response ended (CloudFront logs the end, not the start). */
  readonly time: string;
  /** The request’s id, as in the response header x-amz-cf-id. */
  readonly request_id: string;
  /** Address of the viewer, or of the proxy nearest to the edge. */
  readonly client_ip: string;
  /** Port of the viewer. */
  readonly client_port: number | null;
  /** HTTP method. */
  readonly method: string;
  /** http, https, ws, wss or grpcs. */
  readonly scheme: string;
  /** The Host header that the viewer sent. */
  readonly host: string;
  /** Domain name of the distribution, e.g. d111111abcdef8.cloudfront.net. */
  readonly distribution_domain: string;
  /** Path of the URL, percent-decoded once, without the query. */
  readonly path: string;
  /** Query string as the viewer sent it (log escaping undone once), without the question mark. */
  readonly query: string;
  /** HTTP status; 0 when the viewer left before any response. */
  readonly status: number;
  /** What happened by the last byte: Hit, RefreshHit, Miss, Error, Redirect … */
  readonly result: string;
  /** What was decided at the first byte; differs from result when the viewer left mid-download. */
  readonly response_result: string;
  /** Like result, but names the cause of an error. */
  readonly detailed_result: string;
  /** Bytes sent to the viewer, headers included. */
  readonly bytes_sent: number;
  /** Bytes received from the viewer, headers included. */
  readonly bytes_received: number;
  /** Seconds from the request’s arrival to the last byte. */
  readonly duration: number | null;
  /** Seconds from the request’s arrival to the first byte written. */
  readonly ttfb: number | null;
  /** Seconds until the first byte from the origin; empty for cache hits. */
  readonly origin_fbl: number | null;
  /** Seconds until the last byte from the origin; empty for cache hits. */
  readonly origin_lbl: number | null;
  /** Code of the edge location, e.g. FRA56-P4; its first three letters are an airport’s. */
  readonly edge_location: string;
  /** ISO 3166 alpha-2 code of the viewer’s country. */
  readonly country: string;
  /** Autonomous system number of the viewer’s network; 0 when not known. */
  readonly asn: number;
  /** User agent, decoded. */
  readonly user_agent: string;
  /** Referer, decoded. */
  readonly referer: string;
  /** Cookie header, when cookie logging is on. */
  readonly cookie: string;
  /** X-Forwarded-For header. */
  readonly forwarded_for: string;
  /** HTTP/1.1, HTTP/2.0, HTTP/3.0 … */
  readonly http_version: string;
  /** TLS version. */
  readonly tls_protocol: string;
  /** TLS cipher. */
  readonly tls_cipher: string;
  /** Content-Type of the response. */
  readonly content_type: string;
  /** Content-Length of the response, bytes. */
  readonly content_length: number | null;
  /** First byte of the range asked for. */
  readonly range_start: number | null;
  /** Last byte of the range asked for. */
  readonly range_end: number | null;
  /** Path pattern of the cache behavior that matched. */
  readonly cache_behavior: string;
  /** Field-level encryption: result code. */
  readonly fle_status: string;
  /** Field-level encryption: number of fields. */
  readonly fle_encrypted_fields: number | null;
  /** Distribution tenant id. */
  readonly tenant: string;
  /** Id of the TLS connection (mutual TLS only). */
  readonly connection_id: string;
  /** Format that the line was parsed with. */
  readonly source_format: string;
  /** Distribution id from the object’s name, else the distribution’s domain. */
  readonly distribution: string;
  /** Name of the object that held the line. */
  readonly filename: string;
  /** S3 bucket of the object that held the line. */
  readonly bucket: string;
  /** Folders of the object within the bucket. */
  readonly key_folder: string;
  /** AWS account that wrote the object, as its name says. */
  readonly account: string;
  /** AWS Region of what wrote the object, as its name says. */
  readonly region: string;
  /** Per cent of the requests that are logged; counts are scaled by 100 / sampling_rate. */
  readonly sampling_rate: number;
  /** The batch that stored the line; see ledger. */
  readonly batch: string;
  /** Every field that has no column of its own. */
  readonly extra: Readonly<Record<string, string>>;
  /** Number of the object within the batch; see ledger. */
  readonly object: number;
  /** 1-based line in the decompressed object; events of one line have numbers of their own. */
  readonly line_number: number;
  /** Browser family (uap-core). */
  readonly browser: string;
  /** Browser version. */
  readonly browser_version: string;
  /** Operating system family (uap-core). */
  readonly os: string;
  /** Operating system version. */
  readonly os_version: string;
  /** Device family (uap-core). */
  readonly device: string;
  /** desktop, mobile, tablet, tv, bot or other. */
  readonly device_class: string;
  /** Whether the user agent declares a crawler, tool or library. */
  readonly is_bot: boolean;
  /** Name of the bot, empty for people. */
  readonly bot: string;
  /** Kind of the bot, e.g. ai-crawler, search-engine, http-library. */
  readonly bot_category: string;
}

export interface LogRow {
  /** When the event happened; when it arrived, if the line does not say. */
  readonly time: string;
  /** Whose time it is: event, what the line says; envelope, what carried it says; arrival, when it came in. */
  readonly time_from: string;
  /** TRACE, DEBUG, INFO, WARN, ERROR or FATAL; empty when the line has none. */
  readonly level: string;
  /** Logger, class or module that wrote the event. */
  readonly logger: string;
  /** What the event says. */
  readonly message: string;
  /** Service, function or program that wrote it. */
  readonly service: string;
  /** Machine or container that wrote it. */
  readonly host: string;
  /** Log group, index or stream it came in. */
  readonly group: string;
  /** Log stream within the group. */
  readonly stream: string;
  /** Id of the request or invocation it belongs to. */
  readonly request_id: string;
  /** Id of the trace it belongs to. */
  readonly trace_id: string;
  /** Id that the delivering service gave the event. */
  readonly event_id: string;
  /** How the line is written: json, text, or what the format calls it, e.g. platform.report. */
  readonly shape: string;
  /** Every other field of the event; objects and arrays as JSON. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Format that the line was parsed with. */
  readonly source_format: string;
  /** Name of the object that held the line. */
  readonly filename: string;
  /** S3 bucket of the object that held the line. */
  readonly bucket: string;
  /** Folders of the object within the bucket. */
  readonly key_folder: string;
  /** AWS account that wrote the object, as its name says. */
  readonly account: string;
  /** AWS Region of what wrote the object, as its name says. */
  readonly region: string;
  /** The batch that stored the line; see ledger. */
  readonly batch: string;
  /** Number of the object within the batch; see ledger. */
  readonly object: number;
  /** 1-based line in the decompressed object; events of one line have numbers of their own. */
  readonly line_number: number;
}

export interface RejectRow {
  /** When the line was rejected. */
  readonly at: string;
  /** Object that held the line. */
  readonly origin: string;
  /** 1-based line in the decompressed object. */
  readonly line_number: number;
  /** Why the line was not stored; equal causes have equal texts. */
  readonly reason: string;
  /** The exact bytes between two newlines; for Parquet, the row as JSON. */
  readonly line: string;
  /** Format that the line was parsed with. */
  readonly source_format: string;
  /** The batch; see ledger. */
  readonly batch: string;
}
