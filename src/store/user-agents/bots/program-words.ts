/**
 * Words in the names of unattended programs, by kind, separated by blanks. The kinds are tags of
 * crawler-user-agents, and empty where a word only implies a bot. Case does not matter. No word may occur in
 * human visitors' browsers, devices or apps (`search`, `server`, `index`, `security`, `discovery`, `phantom`): the
 * corpora of other projects show which.
 */
export const programWords: readonly (readonly [kind: string, words: string])[] = [
  ['scanner', String.raw`[^i]scans?\b|scanner|scanning fuzz audit pentest recon\b exploit vulnerab`],
  [
    'scanner',
    String.raw`nikto sqlmap nmap\b zgrab gobuster dirbuster feroxbuster wpscan nessus acunetix nuclei masscan`,
  ],
  // Payloads that scanners hope are executed, and the hosts that these would call.
  [
    'scanner',
    String.raw`\$\{jndi <script <\?php|<\?=(?:print|echo|system|eval) burpcollaborator \.oast\. interact\.sh`,
  ],
  ['scanner', String.raw`\(select\s union\s(?:all\s)?select sleep\([0-9]`],
  [
    'monitoring',
    String.raw`monitor uptime \bping\b|pinger\b probe health-?(?:check|service) check(?:er|s)?\b synthetic`,
  ],
  ['monitoring', String.raw`observatory page\s?speed diagnos benchmark apachebench \bPTST\b neustar`],
  ['social-preview', String.raw`[a-z]preview thumbnail screen\s?shot unfurl unshort expander embedly|oembed`],
  ['social-preview', String.raw`image\s?proxy via\s[^)]*proxy transcoder googleweblight`],
  ['archiver', 'archiv httrack copier wayback'],
  ['seo', String.raw`\bseo(?:[^a-z]|$) rank(?:er|ing)\b backlink link\s?check`],
  ['', String.raw`bots?(?:[^a-z]|$) \bb0t\b crawl spider|spyder slurp scrap(?:er|ing|y) \bfetch|fetch(?:er|ing)\b`],
  ['', String.raw`downloader\b grabber retriev extract harvest indexer|indexing validator verifier`],
  ['', String.raw`classifier analy[sz]er survey\b measurement inspector`],
];

/** Browsers driven by a program, whatever app embeds them. */
export const automationWords =
  'headless phantomjs slimerjs jsdom htmlunit selenium webdriver puppeteer playwright cypress/ wkhtmlto';

/**
 * Words that count only without a rendering engine: of libraries and command lines, and of programs that plug into
 * users' browsers (`compatible; MSIE 6.0; Windows NT 5.1; Feedreader`).
 */
export const plainProgramWords: readonly (readonly [kind: string, words: string])[] = [
  [
    'http-library',
    String.raw`http[_-]?(?:client|lib) http\sclient rest[_-]?client [a-z]-http/ requests/ libwww lwp[:-] ^grpc curl\b`,
  ],
  [
    'http-library',
    String.raw`wget\b aria2/ httpie python[/-] ruby/ perl/ php/ ^java/ node\.?js node/v?[0-9] go/go1 powershell/`,
  ],
  [
    'http-library',
    String.raw`\bnpm/ ^pip/ ^conda/ ^gradle/ ^apache-maven/ ^(?:git|svn)/ apt-http ^docker/ ^containerd/`,
  ],
  [
    'http-library',
    '^kube ^terraform ^boto aws-(?:cli|sdk) azsdk postman insomnia/ undici axios superagent okhttp guzzle',
  ],
  ['http-library', 'restsharp resty reqwest unirest faraday typhoeus jersey/ feign reactor-?netty openapi swagger'],
  // Platform names of compilers and Node.
  ['http-library', String.raw`-gnu(?:eabi(?:hf)?)?\b -apple-darwin -musl\b (?:linux|darwin|win32)[\s;/]+(?:x64|arm64)`],
  ['feed-reader', 'feed[_-]?(?:reader|fetcher|parser|eater|demon|bin) rss[_-]?(?:reader|fetcher|parser|owl)'],
];
