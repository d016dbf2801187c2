import type { Command } from './command.ts';

interface ListedCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Whether it opens a store with the embedded engine, unless a server has it open. */
  readonly opensStore?: boolean;
  /** Loads the command, with only the modules it needs: loading all would take longer than most commands run. */
  load(): Promise<Command>;
}

/** The only list of commands, in the order a new user needs them. */
export const commands: readonly ListedCommand[] = [
  {
    name: 'demo',
    summary: 'Ingest the shipped real logs and show them',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'ingest',
    summary: 'Store log files, each exactly once',
    opensStore: true,
    load: async () => (await import('./ingest.ts')).ingestCommand,
  },
  {
    name: 'backfill',
    summary: 'Store the objects of an S3 bucket, each exactly once',
    load: async () => (await import('./backfill.ts')).backfillCommand,
  },
  {
    name: 'replay',
    summary: 'Store rejected lines once more, with another format or after an upgrade',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  {
    name: 'query',
    summary: 'Ask the store in SQL',
    opensStore: true,
    load: async () => (await import('./query.ts')).queryCommand,
  },
  {
    name: 'up',
    summary: 'Run the pipelines, and serve the console and the HTTP API',
    load: async () => (await import('./up.ts')).upCommand,
  },
  {
    name: 'check',
    summary: 'Check the configuration: its file, and whether every source could run',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'template',
    summary: 'Print the index template of an OpenSearch destination, to install it by hand',
    load: async () => (await import('./template.ts')).templateCommand,
  },
  {
    name: 'roles',
    summary: 'Print what must be granted to whoever delivers to OpenSearch',
    load: async () => (await import('./roles.ts')).rolesCommand,
  },
  {
    name: 'iam',
    summary: 'Print the IAM policies that the configuration needs on AWS',
    load: async () => (await import('./iam.ts')).iamCommand,
  },
  {
    name: 'lake',
    summary: 'Write Parquet files of all hours, for Athena, DuckDB and Spark, and print their tables',
    load: async () => (await import('./lake.ts')).lakeCommand,
  },
  {
    name: 'windows',
    summary: 'List, explain and backtest continuous queries, and print them for Flink',
    opensStore: true,
    load: async () => (await import('./windows.ts')).windowsCommand,
  },
  {
    name: 'top',
    summary: 'Watch the pipelines of a running server',
    load: async () => (await import('./top.ts')).topCommand,
  },
  {
    name: 'console',
    summary: 'Print the address at which the console may also silence, replay and change queries',
    load: async () => (await import('./console-address.ts')).consoleCommand,
  },
  {
    name: 'alerts',
    summary: 'Show alerts, test one over history, silence them, and send messages again',
    opensStore: true,
    load: async () => (await import('./alerts.ts')).alertsCommand,
  },
  {
    name: 'verify',
    summary: 'Check that the store holds what the ledger says, and repair it',
    opensStore: true,
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'retain',
    summary: 'Delete what is older than the configuration keeps, or tell what would be deleted',
    opensStore: true,
    load: async () => (await import('./retain.ts')).retainCommand,
  },
  {
    name: 'forget',
    summary: 'Delete a viewer from the store, with a record that does not name him',
    opensStore: true,
    load: async () => (await import('./forget.ts')).forgetCommand,
  },
  {
    name: 'detect',
    summary: 'Detect format and columns of a log file',
    load: async () => (await import('./detect.ts')).detectCommand,
  },
  {
    name: 'report',
    summary: 'Make one self-contained HTML page of log files',
    opensStore: true,
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    name: 'dashboards',
    summary: 'Print dashboards to import into OpenSearch Dashboards or Kibana',
    load: async () => (await import('./dashboards.ts')).dashboardsCommand,
  },
  { name: 'version', summary: 'Print the version', load: async () => (await import('./version.ts')).versionCommand },
];
