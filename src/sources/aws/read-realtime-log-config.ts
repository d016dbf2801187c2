/** A real-time log configuration: the columns of its records and the share of requests that is logged. */
export interface RealtimeLogConfig {
  readonly fields: readonly string[];
  /** Per cent, 1–100. */
  readonly samplingRate: number;
}

/**
 * Fetches a real-time log configuration from CloudFront. Uses the standard AWS credential chain; needs the permission
 * `cloudfront:GetRealtimeLogConfig`. The API is global, with its endpoint in us-east-1.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetRealtimeLogConfig.html
 * @throws Error that names the ARN, the cause and the remedy
 */
export async function readRealtimeLogConfig(arn: string): Promise<RealtimeLogConfig> {
  // Loaded lazily: the SDK is large and most runs never need it.
  const { CloudFrontClient, GetRealtimeLogConfigCommand } = await import('@aws-sdk/client-cloudfront');
  const client = new CloudFrontClient({ region: 'us-east-1' });
  try {
    const { RealtimeLogConfig: config } = await client.send(new GetRealtimeLogConfigCommand({ ARN: arn }));
    if (!config?.Fields || config.Fields.length === 0) throw new Error('it has no fields');
    return { fields: config.Fields, samplingRate: Number(config.SamplingRate ?? 100) };
  } catch (cause) {
    const { name, message } = cause as Error;
    const remedy = /AccessDenied|Credentials|Token/i.test(name)
      ? 'give credentials that may call cloudfront:GetRealtimeLogConfig'
      : 'check the ARN, or name the columns with --fields';
    throw new Error(`cannot read the real-time log configuration "${arn}": ${name}: ${message}; ${remedy}`, { cause });
  } finally {
    client.destroy();
  }
}
