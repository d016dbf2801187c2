/** As far as the tests use it. */
declare module 'aws4' {
  interface SignedRequest {
    readonly method: string;
    /** With its query. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array | '';
    readonly service: string;
    readonly region: string;
    readonly extraHeadersToIgnore?: Readonly<Record<string, boolean>>;
  }

  interface Credentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }

  const aws4: {
    sign(request: SignedRequest, credentials: Credentials): { readonly headers: Readonly<Record<string, string>> };
  };
  export default aws4;
}
