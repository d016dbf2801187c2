import { snsGrants } from '../alerts/receivers/sns-receiver.ts';
import type { Config } from '../config/config-schema.ts';
import { kindOf as kindOfDestination } from '../config/sections/destinations/destination-kinds.ts';
import { kindOf as kindOfSource } from '../config/sections/sources/source-kinds.ts';
import { kinesisPutGrants } from '../destinations/aws/record-grants.ts';
import { lakeGrants } from '../lake/lake-grants.ts';
import type { AwsGrant } from '../sources/aws/aws-grant.ts';
import { type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { readConfig } from './configured-store.ts';
import { print, tell } from './print.ts';

export const iamCommand: Command = {
  usage: 'tailrace iam [--config FILE] [--json]',
  options: { config: { type: 'string' }, json: { type: 'boolean' } },
  help: `Prints the IAM policies that the sources, formats, destinations, windows, lake and notifications of the configuration need on AWS, and nothing more: one for the
program's own identity, and one for each role of assumeRole. Whose a policy is, is told on standard error. Words in capitals are for
you to replace. Nothing is contacted.

Options:
  --config FILE    configuration; default tailrace.yaml, if it is there
  --json           print one object, with each policy by whose it is`,
  async run(args) {
    if (args.positionals.length > 0) throw new UsageError(`iam takes no arguments; found "${args.positionals[0]}"`);
    const { config, file } = await readConfig(textOption(args, 'config'));
    const policies = policiesOf(grantsOf(config));
    if (policies.size === 0) {
      throw new UsageError(`${file ?? 'tailrace.yaml'} uses no service of AWS; name another --config FILE`);
    }
    if (isSet(args, 'json')) print(JSON.stringify(Object.fromEntries(policies)));
    else {
      for (const [identity, policy] of policies) {
        tell(`tailrace: policy of ${identity}`);
        print(...JSON.stringify(policy, undefined, 2).split('\n'));
      }
    }
    return exitCodes.fine;
  },
};

function grantsOf({ pipelines, destinations, windows, lake, notifications }: Config): readonly AwsGrant[] {
  return [
    ...pipelines.flatMap(({ source, format }) => [
      ...(kindOfSource(source).grants?.(source) ?? []),
      // Asked for with the program's own credentials.
      ...(format?.from === undefined
        ? []
        : [{ role: undefined, actions: ['cloudfront:GetRealtimeLogConfig'], resources: [format.from] }]),
    ]),
    ...destinations.flatMap((destination) => kindOfDestination(destination).grants?.(destination) ?? []),
    ...windows.flatMap(({ outputs }) =>
      outputs.flatMap((output) => (output.type === 'kinesis' ? kinesisPutGrants(output) : [])),
    ),
    ...(lake ? lakeGrants(lake.to) : []),
    ...notifications.flatMap((one) => (one.type === 'sns' ? snsGrants(one) : [])),
  ];
}

/** By whose they are; what several parts of the configuration need on the same resources stands together. */
function policiesOf(grants: readonly AwsGrant[]): Map<string, object> {
  const statements = new Map<string, Map<string, Set<string>>>();
  for (const { role = "the program's own identity", actions, resources } of grants) {
    const ofRole = statements.get(role) ?? new Map<string, Set<string>>();
    statements.set(role, ofRole);
    const key = JSON.stringify(resources);
    ofRole.set(key, new Set([...(ofRole.get(key) ?? []), ...actions]));
  }
  return new Map(
    Array.from(statements, ([role, ofRole]) => [
      role,
      {
        Version: '2012-10-17',
        Statement: Array.from(ofRole, ([resources, actions]) => ({
          ...{ Effect: 'Allow', Action: [...actions], Resource: JSON.parse(resources) },
        })),
      },
    ]),
  );
}
