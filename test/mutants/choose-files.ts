import { type GoldenFile, readGoldenFiles } from './golden-file.ts';

/** One file of a kind of layout each: an INSERT costs more than a thousand lines. */
const few = [
  'alb-testdata-real-2018-to-2025-kinds.log',
  'combined-testdata-real-2013-to-2021-apache.log',
  'cloudfront-standard-testdata-real-2023-33-fields.log',
  'cloudfront-standard-testdata-made-joined-other-header.log',
  'vpc-flow-testdata-made-joined-other-header.log',
  's3-access-testdata-made-quotes.log',
  'iis-testdata-real-2022-iis10.log',
  'alb-connection-testdata-made-odd.log',
];

/**
 * Lines without a header in front of some with one: the same lines a second time are below that. UTF-16: what carries
 * its bytes line by line is no UTF-16.
 */
const notRepeatable = /headerless-joined|utf16/;

/** @param all whether all files of the corpora are wanted, or a few that are different */
export function chooseFiles(all: boolean): GoldenFile[] {
  const only = process.env.TAILRACE_MUTANTS_FILES;
  return readGoldenFiles().filter(
    ({ name }) =>
      !notRepeatable.test(name) &&
      (only ? new RegExp(only).test(name) : all || few.some((ending) => name.endsWith(ending))),
  );
}
