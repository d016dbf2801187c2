import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface PutRequest {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

const limits = { records: 500, recordBytes: 1000 * 1024, bytes: 4 * 1024 * 1024 };

/**
 * One stream of Firehose, written from the API reference: its limits, outcomes of single records, and what it has taken in one
 * file, one record behind the other as in an object of S3. It does not buffer, and judges no signature.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export class FakeFirehose {
  /** Called with the records of each request. */
  hear: (records: readonly string[]) => void = () => {};
  state = 'ACTIVE';
  source = 'DirectPut';
  /** Why a record is not taken, if it is not. */
  fault: (record: string) => string | undefined = () => undefined;
  readonly #name: string;
  readonly #file: string;

  constructor(name: string, file: string) {
    this.#name = name;
    this.#file = file;
  }

  /** All that was taken. */
  get content(): string {
    return existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
  }

  /** @param target the header X-Amz-Target @param body of a request */
  answer(target: string, body: string): FakeAnswer {
    const request: PutRequest = JSON.parse(body);
    const isDescription = target.endsWith('.DescribeDeliveryStream');
    if (request.DeliveryStreamName !== this.#name || (this.state !== 'ACTIVE' && !isDescription)) {
      return refusal('ResourceNotFoundException', `Firehose ${request.DeliveryStreamName} not found.`);
    }
    if (isDescription) {
      const description = { DeliveryStreamName: this.#name, DeliveryStreamStatus: this.state };
      return { status: 200, body: { DeliveryStreamDescription: { ...description, DeliveryStreamType: this.source } } };
    }
    return this.#put(request);
  }

  #put({ Records }: PutRequest): FakeAnswer {
    const records = Records.map(({ Data }) => Buffer.from(Data, 'base64'));
    const bytes = records.reduce((sum, { length }) => sum + length, 0);
    if (
      records.length < 1 ||
      records.length > limits.records ||
      records.some(({ length }) => length > limits.recordBytes)
    ) {
      return refusal('ValidationException', '1 validation error detected');
    }
    if (bytes > limits.bytes) return refusal('InvalidArgumentException', 'Records size exceeds 4 MB limit');
    const texts = records.map(String);
    this.hear(texts);
    const faults = texts.map((text) => this.fault(text));
    appendFileSync(this.#file, Buffer.concat(records.filter((_, index) => faults[index] === undefined)));
    const RequestResponses = faults.map((code, index) =>
      code === undefined ? { RecordId: `record-${index}` } : { ErrorCode: code, ErrorMessage: 'Slow down.' },
    );
    const FailedPutCount = faults.filter((code) => code !== undefined).length;
    return { status: 200, body: { FailedPutCount, RequestResponses } };
  }
}

function refusal(name: string, message: string): FakeAnswer {
  return { status: 400, body: { __type: name, message } };
}
