import { type AttackKind, cross, plain } from './attack.ts';
import { placesOfExpressions, placesOfTables } from './places.ts';

export const settings: AttackKind = {
  name: 'settings',
  mustFail: true,
  attacks: () => [
    ...cross(
      [
        'readonly = 0',
        'max_memory_usage = 0',
        'final, readonly = 0',
        "format_schema = '/etc/passwd'",
        '`max_threads` = 1',
      ],
      [
        (set) => `SELECT 1 SETTINGS ${set}`,
        (set) => `SELECT * FROM (SELECT 1 SETTINGS ${set})`,
        (set) => `SELECT (SELECT 1 SETTINGS ${set})`,
        (set) => `SELECT 1 IN (SELECT 1 SETTINGS ${set})`,
        (set) => `WITH t AS (SELECT 1 SETTINGS ${set}) SELECT * FROM t`,
        (set) => `SELECT * FROM view(SELECT 1 SETTINGS ${set})`,
        (set) => `SELECT 1 UNION ALL SELECT 1 SETTINGS ${set}`,
        (set) => `EXPLAIN SELECT 1 SETTINGS ${set}`,
        (set) => `DESCRIBE (SELECT 1) SETTINGS ${set}`,
        (set) => `SELECT 1 FORMAT Null SETTINGS ${set}`,
        (set) => `SELECT 1 settings/**/${set}`,
        (set) => `SET ${set}`,
      ],
    ),
    ...plain(['SET ROLE ALL', 'SET ROLE DEFAULT', 'SET ROLE tailrace_owner', 'SET DEFAULT ROLE ALL TO default']),
    ...plain([
      'USE system',
      'SET TRANSACTION SNAPSHOT 1',
      'BEGIN TRANSACTION',
      'SET param_x = 1',
      'EXPLAIN readonly = 0 SELECT 1',
    ]),
  ],
};

export const rolesAndPeople: AttackKind = {
  name: 'roles, users and the server',
  mustFail: true,
  attacks: () =>
    plain([
      'CREATE USER x',
      "ALTER USER default IDENTIFIED BY 'x'",
      'DROP USER default',
      'CREATE ROLE x',
      'GRANT ALL ON *.* TO default',
      'GRANT tailrace_owner TO default',
      'REVOKE ALL ON *.* FROM default',
      'EXECUTE AS default SELECT 1',
      'CREATE ROW POLICY p ON requests USING 1 TO ALL',
      'CREATE QUOTA q TO ALL',
      'CREATE SETTINGS PROFILE p SETTINGS readonly = 0',
      'CREATE NAMED COLLECTION c AS a = 1',
      ...[
        'FLUSH LOGS',
        'SHUTDOWN',
        'KILL',
        'RELOAD CONFIG',
        'STOP MERGES',
        'DROP MARK CACHE',
        'UNFREEZE WITH NAME x',
      ].map((command) => `SYSTEM ${command}`),
      'KILL QUERY WHERE 1',
      'KILL MUTATION WHERE 1',
      ...['currentRoles()', 'enabledRoles()', 'defaultRoles()', 'currentProfiles()', 'enabledProfiles()'].map(
        (call) => `SELECT ${call}`,
      ),
      ...[
        'hostName()',
        'FQDN()',
        'uptime()',
        'serverUUID()',
        'tcpPort()',
        'buildId()',
        'displayName()',
        'connectionId()',
      ].map((call) => `SELECT ${call}`),
      ...["getMacro('x')", "getServerPort('tcp_port')", "getServerSetting('path')", "globalVariable('x')"].map(
        (call) => `SELECT ${call}`,
      ),
      ...[
        'filesystemAvailable()',
        'getOSKernelVersion()',
        'showCertificate()',
        "getClientHTTPHeader('authorization')",
      ].map((call) => `SELECT ${call}`),
    ]),
};

const shows = [
  ...[
    'PROCESSLIST',
    'FULL PROCESSLIST',
    'GRANTS',
    'GRANTS FOR default',
    'USERS',
    'ROLES',
    'CURRENT ROLES',
    'ENABLED ROLES',
  ],
  ...[
    'ACCESS',
    'PRIVILEGES',
    'PROFILES',
    'POLICIES',
    'ROW POLICIES',
    'QUOTAS',
    'QUOTA',
    'CLUSTERS',
    'CLUSTER x',
    'ENGINES',
  ],
  ...[
    'MERGES',
    'SETTINGS',
    'CHANGED SETTINGS',
    'SETTING readonly',
    'FILESYSTEM CACHES',
    'NAMED COLLECTIONS',
    'CREATE USER',
  ],
  ...['CREATE USER default', 'CREATE ROLE tailrace_owner', 'CREATE DATABASE tailrace', 'CREATE TABLE system.processes'],
  ...['CREATE PROFILE default', 'CREATE QUOTA default', 'CREATE ROW POLICY x ON requests', 'CREATE NAMED COLLECTION x'],
  ...[
    'TABLES FROM default',
    'TABLES FROM information_schema',
    'COLUMNS FROM users FROM system',
    'INDEXES FROM parts FROM system',
  ],
  ...['CREATE TEMPORARY TABLE x', 'TEMPORARY TABLES', 'COLUMNS FROM processes FROM system', 'CREATE VIEW system.users'],
];

const foreignTables = [
  ...[
    'processes',
    'query_log',
    'users',
    'roles',
    'grants',
    'settings',
    'server_settings',
    'tables',
    'databases',
    'parts',
  ],
  ...[
    'disks',
    'storage_policies',
    'named_collections',
    'macros',
    'clusters',
    'environment',
    'build_options',
    'licenses',
  ],
  ...['asynchronous_metrics', 'metrics', 'events', 'errors', 'dictionaries', 'stack_trace', 'session_log', 'text_log'],
  ...[
    'backups',
    'detached_parts',
    'merges',
    'mutations',
    'remote_data_paths',
    'user_directories',
    'certificates',
    'contributors',
  ],
].map((name) => `system.${name}`);

export const systemTables: AttackKind = {
  name: 'system tables and SHOW',
  mustFail: true,
  attacks: () => [
    ...plain(foreignTables.map((table) => `SELECT * FROM ${table}`)),
    ...cross(['system.processes', 'information_schema.tables'], placesOfTables),
    ...cross(
      [
        '`system`.`processes`',
        '"system"."processes"',
        'system . processes',
        'system/**/./**/processes',
        'SYSTEM.processes',
      ],
      [(table) => `SELECT * FROM ${table}`, (table) => `DESCRIBE ${table}`],
    ),
    ...plain(shows.map((what) => `SHOW ${what}`)),
    ...plain([
      'EXISTS TABLE system.processes',
      'EXISTS DATABASE system',
      'EXISTS TEMPORARY TABLE x',
      'EXPLAIN ANALYZE SELECT 1',
    ]),
    ...plain(['EXPLAIN CURRENT TRANSACTION', "EXPLAIN TABLE OVERRIDE mysql('a', 'b', 'c', 'd', 'e') COLUMNS (x Int)"]),
    ...plain([
      'SELECT * FROM INFORMATION_SCHEMA.SCHEMATA',
      "SELECT dictGet('system.x', 'a', 1)",
      'SELECT joinGet(a.b, 1)',
    ]),
  ],
};

/** What the tables of the lake read, and where it lies. */
export const behindTheLake: AttackKind = {
  name: 'the files of the lake',
  mustFail: true,
  attacks: ({ lakeFolder }) => [
    ...cross(
      ['lake_files.requests', '`lake_files`.`logs`', 'LAKE_FILES.requests', 'lake.secrets'],
      placesOfTables.filter((place) => !/ IN lake/.test(place('lake'))),
    ),
    ...cross(
      [
        `file('${lakeFolder}/requests/*/*/*.parquet', 'Parquet')`,
        `file('${lakeFolder}/**', 'LineAsString', 'l String')`,
      ],
      placesOfTables,
    ),
    ...cross([`file('${lakeFolder}/notes.csv')`], placesOfExpressions),
    ...plain([
      'SELECT 1 IN lake_files.requests',
      'SHOW CREATE TABLE lake.requests',
      'SHOW CREATE VIEW lake.requests',
      'SHOW CREATE VIEW lake_files.requests',
      'SHOW CREATE DATABASE lake_files',
      'SHOW TABLES FROM lake',
      'SHOW TABLES FROM lake_files',
      'SHOW COLUMNS FROM requests FROM lake_files',
      'EXISTS TABLE lake_files.requests',
      "SELECT dictGet('lake_files.requests', 'path', 1)",
      "SELECT joinGet('lake_files.requests', 'path', 1)",
      "SELECT * FROM merge('lake_files', '.*')",
      "SELECT * FROM merge(REGEXP('lake.*'), '.*')",
      'SELECT * FROM loop(lake_files.requests) LIMIT 1',
      "SELECT * FROM viewIfPermitted(SELECT 1 FROM lake_files.requests ELSE null('a UInt8'))",
      'SELECT _path FROM lake.requests',
      'SELECT _file, _size, _time FROM lake.logs',
      'SELECT * FROM lake.requests SETTINGS use_hive_partitioning = 0',
      'SELECT * FROM lake.`requests; SELECT 1`',
      'INSERT INTO lake.requests SELECT * FROM requests',
      'ALTER TABLE lake.requests DELETE WHERE 1',
      "CREATE OR REPLACE VIEW lake.requests AS SELECT file('/etc/passwd')",
      'DROP VIEW lake.requests',
      'DROP DATABASE lake',
      'USE lake_files',
    ]),
  ],
};

/** Names that the engine writes into its own SQL. */
export const injectedNames: AttackKind = {
  name: 'names in rewritten statements',
  mustFail: false,
  attacks: () =>
    cross(
      [
        "x' UNION ALL SELECT 1, 2, 3, 4, 5, hostName() --",
        "x') OR 1 = 1 --",
        "x' OR name LIKE '%",
        "x'; SET readonly = 0; --",
        "%' OR hostName() != '",
      ],
      [
        (name) => `SHOW COLUMNS FROM \`${name}\``,
        (name) => `SHOW FULL COLUMNS FROM \`${name}\` FROM tailrace`,
        (name) => `SHOW INDEXES FROM \`${name}\``,
        (name) => `SHOW TABLES LIKE '${name.replaceAll("'", "\\'")}'`,
        (name) => `SHOW FUNCTIONS LIKE '${name.replaceAll("'", "\\'")}'`,
        (name) => `SHOW CREATE TABLE \`${name}\``,
        (name) => `SELECT 1 AS \`${name}\``,
      ],
    ),
};

export const functionsEverywhere: AttackKind = {
  name: 'a telling function in every place',
  mustFail: true,
  attacks: () => cross(["getMacro('x')"], placesOfExpressions),
};
