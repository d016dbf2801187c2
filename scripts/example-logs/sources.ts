/** A published log file that goes into the examples. */
export interface Source {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** Path inside the repository. */
  readonly path: string;
  /** Of the published bytes: another file, or another version of it, is refused. */
  readonly sha256: string;
}

export interface GenuineSource extends Source {
  /** Folder below `genuine/`; the file's own name is kept. */
  readonly folder: string;
}

/** Genuine CloudFront logs under permissive licences. README.md of the examples says what each is. */
export const genuineSources: readonly GenuineSource[] = [
  {
    folder: 'opensearch-catalog',
    repository: 'opensearch-project/opensearch-catalog',
    commit: '429e6294dd63c11ea1707b4d8997804b1e1e0f68',
    path: 'integrations/observability/amazon_cloudfront/data/raw.log',
    sha256: '3b21850e6ead78f9206a9ca7823bf7f3c4822d31ee12c074063f6408a7e07bf2',
  },
  {
    folder: 'devworx',
    repository: 'DevWorxCo/cloudfront-logs-java16',
    commit: 'c595b2c1420598116b91bb516c32f920454288f2',
    path: 'src/test/resources/test-data/devworx.co.uk/E2KG6TMBAL2PBU.2021-01-23-13.23aaa605.gz',
    sha256: '964a529bf039b5fdc3ecad62562d565f1a2f7233701e0be04ba203c1b1d1f884',
  },
  {
    folder: 'devworx',
    repository: 'DevWorxCo/cloudfront-logs-java16',
    commit: 'c595b2c1420598116b91bb516c32f920454288f2',
    path: 'src/test/resources/test-data/devworx.co.uk/E2KG6TMBAL2PBU.2021-01-23-14.7d805aff.gz',
    sha256: '409dd73b06d021ef69b1b12dcc4455bf21e38ef7aceffa6b7b6811eb66c93144',
  },
  {
    folder: 'jsherz',
    repository: 'jSherz/cloudfront-logs-to-elasticsearch',
    commit: 'c2bb24e0beb5c4fb09c77f08a6c2273b7e465cb0',
    path: 'src/test/resources/file.gz',
    sha256: '95c6c04d92f1b86941df26251825c63a0aa531038b2a4f1d5c36cbb8c5b8f050',
  },
  {
    folder: 'aws-samples',
    repository: 'aws-samples/amazon-cloudfront-log-analysis',
    commit: '49e88273eada4f1480d12a6c40c7bc61b96893bd',
    path: 'lab1-serveless-cloudfront-log-analysis/sample-logs/raw-logs/sample-cloudfront-access-logs.gz',
    sha256: 'd6d191c72c2b80c02921aa9fabda0bbdf9b354672e5ca98d1cdbbcc9b594e4c5',
  },
  {
    folder: 'rkalla',
    repository: 'rkalla/cloudfront-log-parser',
    commit: 'ef18cd6b1b3a1802bbaa4cdcabb79a3ee4723b60',
    path: 'src/test/java/com/thebuzzmedia/cloudfront/samples/example-174k.gz',
    sha256: '9e38eef1580727b6f66f997a0718b2e660ef06e9ef9463c59613510f79887998',
  },
  {
    folder: 'claygregory-real-time',
    repository: 'claygregory/node-cloudfront-log-parser',
    commit: '727636b1472e72157d72cb901aff2f17a192563f',
    path: 'test/fixtures/kinesis-1-0.txt',
    sha256: 'c0bc4e3ae064c1b754de16fadad1b263208a97471b2a197c2afd343e493a683e',
  },
];

/** Apache's access log of semicomplete.com, four days of May 2015: the requests that the simulated edge serves. */
export const apacheSource: Source = {
  repository: 'elastic/examples',
  commit: '6d86454ebb7a850bcd7e80abe86fe683370018a6',
  path: 'Common Data Formats/apache_logs/apache_logs',
  sha256: 'f15c31e905f86c7b4b6ab44aee74d0a2086dce89f010187d983edea7ef0364ef',
};
