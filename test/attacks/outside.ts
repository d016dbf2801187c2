import { type AttackKind, cross, plain } from './attack.ts';
import { placesOfExpressions, placesOfTables } from './places.ts';

export const readingFiles: AttackKind = {
  name: 'reading files',
  mustFail: true,
  attacks: ({ secretFile: path }) => [
    ...cross([`file('${path}')`], placesOfExpressions),
    ...cross([`file('${path}', 'LineAsString', 'line String')`, `default.\`${path}\``], placesOfTables),
    ...plain([
      ...[
        '/proc/self/environ',
        '/proc/1/environ',
        '/etc/passwd',
        '../server.json',
        '../../tailrace.yaml',
        '../users.xml',
      ].map((other) => `SELECT file('${other}')`),
      `SELECT * FROM sqlite('${path}', 't')`,
      `SELECT * FROM filesystem('${path}')`,
      `SELECT * FROM icebergLocal('${path}')`,
      `SELECT * FROM deltaLakeLocal('${path}')`,
      `SELECT * FROM paimonLocal('${path}')`,
      `SELECT * FROM fileCluster('default', '${path}', 'LineAsString', 'line String')`,
      `SELECT * FROM loop(file('${path}', 'LineAsString', 'line String')) LIMIT 1`,
      `SELECT * FROM url('file://${path}', 'LineAsString', 'line String')`,
      `SELECT * FROM odbc('Driver=${path}', 'a', 'b')`,
      `SELECT * FROM python('${path}')`,
      `SELECT * FROM '${path}'`,
      `SELECT * FROM \`${path}\``,
      `SELECT catboostEvaluate('${path}', 1)`,
      `SELECT regionToName(1, '${path}')`,
      `SELECT addressToLine(1), addressToSymbol(1), demangle('${path}')`,
      `SELECT joinGet('default.\`${path}\`', 'line', 1)`,
      `SELECT hasColumnInTable('default', '${path}', 'line')`,
      `SELECT dictGet('default.${path}', 'line', 1)`,
      `SELECT toDateTime('2020-01-01 00:00:00', 'file:${path}')`,
      `SELECT convertCharset('a', '${path}', 'utf-8')`,
      `SELECT 1 ORDER BY '1' COLLATE '${path}'`,
    ]),
  ],
};

/** Texts that the engine reads as more than a value: structures with expressions, schemas, SQL, names of functions. */
export const hiddenTexts: AttackKind = {
  name: 'SQL in texts',
  mustFail: true,
  attacks: ({ secretFile: path }) => [
    ...['DEFAULT', 'ALIAS', 'MATERIALIZED', 'EPHEMERAL'].flatMap((word) => {
      const structure = `a UInt8, b String ${word} file(\\'${path}\\')`;
      return [
        ...plain(
          [
            `generateRandom('${structure}')`,
            `null('${structure}')`,
            `values('${structure}', 1)`,
            `format('JSONEachRow', '${structure}', '{"a":1}')`,
            `input('${structure}')`,
            `fuzzJSON('${structure}')`,
          ].map((table) => `SELECT a, b FROM ${table} LIMIT 1`),
        ),
        { sql: 'SELECT b FROM values({s:String}, 1)', params: { s: `a UInt8, b String ${word} file('${path}')` } },
        { sql: `WITH '${structure}' AS s SELECT b FROM values(s, 1)` },
        { sql: `SELECT structureToProtobufSchema('a UInt8 ${word} toUInt8(file(\\'${path}\\'))')` },
        { sql: `SELECT structureToCapnProtoSchema('a UInt8 ${word} toUInt8(file(\\'${path}\\'))')` },
      ];
    }),
    ...plain([
      `SELECT * FROM format('Values', 'x String', '(file(\\'${path}\\'))')`,
      `SELECT * FROM format('Values', 'x String', '((SELECT count() FROM system.processes))')`,
      `SELECT * FROM eval('SELECT file(\\'${path}\\')')`,
      `SELECT formatRow('Protobuf', 1)`,
      `SELECT formatRow('ProtobufSingle', 1)`,
      `SELECT formatRowNoNewline('CapnProto', 1)`,
      `SELECT groupFormat('Protobuf')(1)`,
      `SELECT arrayReduce('groupFormat(\\'Protobuf\\')', [1])`,
      `SELECT initializeAggregation('groupFormat(\\'Protobuf\\')', 1)`,
      `SELECT * FROM viewExplain('EXPLAIN', '', (SELECT file('${path}')))`,
      `SELECT arrayMap(file, ['${path}'])`,
      `SELECT arrayMap(FILE, ['${path}'])`,
      `SELECT arrayMap(\`file\`, ['${path}'])`,
      `SELECT arrayMap((file AS f), ['${path}'])`,
      `WITH file AS f SELECT arrayMap(f, ['${path}'])`,
      `WITH file AS lower SELECT arrayMap(lower, ['${path}'])`,
      `SELECT arrayMap(errorCodeToName, [1])`,
      `SELECT arrayMap(some_program, ['${path}'])`,
      `SELECT * APPLY(file) FROM (SELECT '${path}')`,
      `SELECT COLUMNS('x') APPLY file FROM (SELECT '${path}' AS x)`,
      `SELECT * APPLY(x -> file(x)) FROM (SELECT '${path}')`,
      `SELECT arrayReduce('file', ['${path}'])`,
      `SELECT fuzzQuery('SELECT 1'), obfuscateQuery('SELECT 1')`,
      `SELECT * FROM dictionary('default.\`${path}\`')`,
    ]),
    { sql: 'SELECT * FROM {t:Identifier}', params: { t: `default.${path}` } },
    { sql: 'SELECT {f:Identifier}(1)', params: { f: 'file' } },
    { sql: 'SELECT * FROM {d:Identifier}.{t:Identifier}', params: { d: 'system', t: 'processes' } },
  ],
};

export const writingFiles: AttackKind = {
  name: 'writing files',
  mustFail: true,
  attacks: ({ newFile: path }) => [
    ...cross(
      ['', 'APPEND', 'TRUNCATE', 'AND STDOUT', "COMPRESSION 'gzip'", 'FORMAT CSV', 'SETTINGS max_threads = 1'],
      ['SELECT 1', '(SELECT 1) UNION ALL (SELECT 2)', 'EXPLAIN SELECT 1', 'DESCRIBE (SELECT 1)', 'SHOW TABLES'].map(
        (statement) => (rest: string) => `${statement} INTO OUTFILE '${path}' ${rest}`,
      ),
    ),
    ...plain([
      `SELECT 1 into/**/outfile '${path}'`,
      `SELECT * FROM (SELECT 1 INTO OUTFILE '${path}')`,
      `INSERT INTO FUNCTION file('${path}', 'CSV', 'a UInt8') SELECT 1`,
      `EXPLAIN INSERT INTO FUNCTION file('${path}', 'CSV', 'a UInt8') SELECT 1`,
      `WITH 1 AS a INSERT INTO FUNCTION file('${path}', 'CSV', 'a UInt8') SELECT a`,
      `BACKUP DATABASE tailrace TO File('${path}')`,
      `RESTORE DATABASE tailrace FROM File('${path}')`,
      `CREATE TABLE t (a UInt8) ENGINE = File(CSV, '${path}')`,
      `CREATE TEMPORARY TABLE t (a UInt8) ENGINE = Memory`,
      `ATTACH TABLE t FROM '${path}' (a UInt8) ENGINE = MergeTree ORDER BY a`,
      `CREATE DATABASE d ENGINE = SQLite('${path}')`,
      `CREATE FUNCTION f AS x -> file('${path}')`,
      ...[
        'INSERT INTO requests (path) VALUES (1)',
        'ALTER TABLE requests DELETE WHERE 1',
        'DELETE FROM requests WHERE 1',
      ],
      ...[
        'UPDATE requests SET path = 1 WHERE 1',
        'TRUNCATE TABLE requests',
        'DROP TABLE requests',
        'DROP DATABASE tailrace',
      ],
      ...['OPTIMIZE TABLE requests FINAL', 'RENAME TABLE requests TO r', 'EXCHANGE TABLES requests AND logs'],
      ...['DETACH TABLE requests', 'UNDROP TABLE requests', 'MOVE USER default TO x', 'CHECK TABLE requests'],
    ]),
  ],
};

export const network: AttackKind = {
  name: 'network',
  mustFail: true,
  attacks: ({ port }) => {
    const http = `http://127.0.0.1:${port}/x`;
    const [first = '', ...others] = [
      `url('${http}', 'LineAsString', 'line String')`,
      `urlCluster('default', '${http}', 'LineAsString', 'line String')`,
      `s3('${http}', 'LineAsString', 'line String')`,
      `s3Cluster('default', '${http}', 'LineAsString', 'line String')`,
      `gcs('${http}', 'LineAsString', 'line String')`,
      `oss('${http}', 'LineAsString', 'line String')`,
      `cosn('${http}', 'LineAsString', 'line String')`,
      `azureBlobStorage('${http}', 'c', 'b', 'a', 'a2V5', 'CSV', 'auto', 'x String')`,
      `hdfs('hdfs://127.0.0.1:${port}/x', 'LineAsString', 'line String')`,
      `remote('127.0.0.1:${port}', system, one)`,
      `remoteSecure('127.0.0.1:${port}', system, one)`,
      `cluster('default', system, one)`,
      `clusterAllReplicas('default', system, one)`,
      `mysql('127.0.0.1:${port}', 'd', 't', 'u', 'p')`,
      `postgresql('127.0.0.1:${port}', 'd', 't', 'u', 'p')`,
      `mongodb('127.0.0.1:${port}', 'd', 't', 'u', 'p', 'x String')`,
      `redis('127.0.0.1:${port}', 'k', 'k String, v String')`,
      `jdbc('jdbc:x://127.0.0.1:${port}', 'd', 't')`,
      `iceberg('${http}')`,
      `deltaLake('${http}')`,
      `hudi('${http}')`,
      `paimon('${http}')`,
      `ytsaurus('${http}', '//t', 'x', 'a UInt8')`,
      `arrowFlight('127.0.0.1:${port}', 'x')`,
      `prometheusQuery('${http}', 'up', now())`,
      `executable('x.sh', 'TSV', 'a String')`,
      `merge('system', '.*')`,
    ];
    return [
      ...cross([first], placesOfTables),
      ...plain(others.map((table) => `SELECT * FROM ${table}`)),
      ...plain([
        `SELECT * FROM default.\`${http}\``,
        `SELECT AIGenerate('x'), AIClassify('x', ['y'])`,
        `SELECT AIEmbed('${http}', 'x')`,
        `SELECT * FROM format('AvroConfluent', 'x String', 'x')`,
        `SELECT * FROM (SELECT 1 SETTINGS format_avro_schema_registry_url = '${http}')`,
      ]),
    ];
  },
};
