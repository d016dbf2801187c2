/**
 * Table functions that a question may call: they make rows from their arguments or from a SELECT.
 * Every other table function is refused, including those of later engine versions.
 */
export const allowedTableFunctions: ReadonlySet<string> = lowerCased(`
  generateSeries generate_series numbers numbers_mt primes SQLStandardValues view
`);

/**
 * Table functions of current engines that read files and networks, or that read a text as columns: expressions in
 * these (`DEFAULT`, `ALIAS`) are not in the syntax tree.
 */
export const knownTableFunctions: ReadonlySet<string> = lowerCased(`
  arrowFlight arrowstream azureBlobStorage azureBlobStorageCluster cluster clusterAllReplicas cosn deltaLake
  deltaLakeAzure deltaLakeAzureCluster deltaLakeCluster deltaLakeLocal deltaLakeS3 deltaLakeS3Cluster dictionary eval
  executable file fileCluster filesystem format fuzzJSON fuzzQuery gcs generateRandom hdfs hdfsCluster hive hudi
  hudiCluster iceberg icebergAzure icebergAzureCluster icebergCluster icebergHDFS icebergHDFSCluster icebergLocal
  icebergLocalCluster icebergS3 icebergS3Cluster input jdbc loop merge mergeTreeAnalyzeIndexes
  mergeTreeAnalyzeIndexesUUID mergeTreeIndex mergeTreeProjection mergeTreeTextIndex mongodb mysql null odbc oss paimon
  paimonAzure paimonAzureCluster paimonCluster paimonHDFS paimonHDFSCluster paimonLocal paimonS3 paimonS3Cluster
  postgresql prometheusQuery prometheusQueryRange python redis remote remoteSecure s3 s3Cluster sqlite timeSeriesData
  timeSeriesMetrics timeSeriesSamples timeSeriesSelector timeSeriesTags url urlCluster values viewExplain
  viewIfPermitted ytsaurus zeros zeros_mt
`);

/** Tables of the `system` database that reveal nothing about the machine, its configuration or other users' queries. */
export const allowedSystemTables: ReadonlySet<string> = lowerCased(`
  aggregate_function_combinators columns data_type_families formats functions keywords numbers numbers_mt one
  table_functions time_zones zeros zeros_mt
`);

/** `SHOW` followed by one of these reveals the machine or other users. */
export const refusedShows: ReadonlySet<string> = lowerCased(`
  access cluster clusters engines filesystem grants merges named policies policy processlist profile profiles quota
  quotas role roles row setting settings current enabled user users
`);

function lowerCased(names: string): ReadonlySet<string> {
  return new Set(names.trim().toLowerCase().split(/\s+/));
}
