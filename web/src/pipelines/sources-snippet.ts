/** A pipeline for each source, as an example of `tailrace.yaml`. */
export const sourcesSnippet = `pipelines:
  edge:
    source: { type: kinesis, stream: edge-logs, region: us-east-1 }
  site:
    source: { type: s3, queue: "https://sqs.us-east-1.amazonaws.com/123456789012/log-objects" }
  app:
    source: { type: files, paths: ["/var/log/app/*.log"] }
`;
