/**
 * A field as CloudFront logs it: `-` for nothing, and control characters, blanks, what is outside ASCII and some signs as
 * `%XX`, once. A `%` that the viewer sent is encoded too.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html#LogFileFormat
 * @param bytes as Latin-1
 */
export function logField(bytes: string): string {
  return bytes === ''
    ? '-'
    : bytes.replaceAll(encoded, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the log escapes
const encoded = /[\x00-\x20\x7f-\xff<>"#%{}|\\^~[\]`']/g;
