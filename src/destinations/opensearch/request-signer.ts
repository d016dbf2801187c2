import type { SignatureV4 } from '@smithy/signature-v4';
import { type AwsAccess, awsIdentity } from '../../sources/aws/client-options.ts';
import { explain } from '../../sources/aws/explain-failure.ts';
import { failureKind } from '../../sources/aws/failure-kind.ts';
import { ClusterFault } from './explain-fault.ts';

export const awsServices = ['es', 'aoss'] as const;

/** Who signs requests, and for what: a domain of Amazon OpenSearch Service (`es`) or a collection of OpenSearch Serverless (`aoss`). */
export interface AwsSigning extends Pick<AwsAccess, 'region' | 'assumeRole'> {
  readonly service: (typeof awsServices)[number];
}

type SignedHeaders = Readonly<Record<string, string>>;

/** Signs requests with Signature Version 4, as the credentials are at the time. */
export class RequestSigner {
  readonly #url: string;
  readonly #signing: AwsSigning;
  #signer: Promise<SignatureV4> | undefined;

  /** @param url address of the cluster, which names the region unless it has a name of its own */
  constructor(url: string, signing: AwsSigning) {
    this.#url = url;
    const region = signing.region ?? regionOf(url);
    this.#signing = { ...signing, ...(region ? { region } : {}) };
  }

  /**
   * @param body the bytes that are sent, after compression
   * @returns all headers to send
   * @throws ClusterFault without credentials
   */
  async sign(method: string, address: string, headers: SignedHeaders, body?: Uint8Array): Promise<SignedHeaders> {
    const { protocol, hostname, host, pathname, searchParams } = new URL(address);
    const request = {
      ...{ method, protocol, hostname, path: pathname, query: Object.fromEntries(searchParams) },
      headers: { ...headers, host },
      ...(body ? { body } : {}),
    };
    try {
      this.#signer ??= this.#open();
      const signed = await (await this.#signer).sign(request);
      const { host: _, ...others } = signed.headers;
      return others;
    } catch (cause) {
      this.forget();
      throw this.#explain(cause);
    }
  }

  /** The credentials are looked up anew for the next request. */
  forget(): void {
    this.#signer = undefined;
  }

  async #open(): Promise<SignatureV4> {
    const { SignatureV4 } = await import('@smithy/signature-v4');
    return new SignatureV4({ ...(await awsIdentity(this.#signing)), service: this.#signing.service });
  }

  #explain(cause: unknown): ClusterFault {
    const { assumeRole } = this.#signing;
    const resource = assumeRole ? `the role ${assumeRole.roleArn}` : 'the role';
    const { message } = explain(cause, { what: `deliver to "${this.#url}"`, action: 'sts:AssumeRole', resource });
    return new ClusterFault(message, { isPassing: failureKind(cause) === 'passing' });
  }
}

/** `https://search-logs-abc.eu-west-1.es.amazonaws.com` */
export function regionOf(url: string): string | undefined {
  return /\.([a-z0-9-]+)\.(?:es|aoss)\.amazonaws\.com(?:\.cn)?$/.exec(new URL(url).hostname)?.[1];
}
