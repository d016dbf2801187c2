/** Where the objects of an INSERT are, by object: the first entry is object 1. Names are those of parameters. */
export interface ObjectPlaces {
  readonly buckets: readonly string[];
  readonly key_folders: readonly string[];
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

export const noPlaces: ObjectPlaces = { buckets: [], key_folders: [], accounts: [], regions: [] };

/** SQL of the columns, over `object`. An object that is not listed is in no bucket. */
export const placeExpressions = {
  bucket: '{buckets:Array(String)}[object]',
  key_folder: '{key_folders:Array(String)}[object]',
  account: '{accounts:Array(String)}[object]',
  region: '{regions:Array(String)}[object]',
} as const;
