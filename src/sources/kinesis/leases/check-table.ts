import { awsClientOptions } from '../../aws/client-options.ts';
import type { Activity } from '../activity.ts';
import { explain, failureKind } from '../failure.ts';
import type { LeaseOptions } from '../kinesis-options.ts';
import { isRefused } from './lease-table.ts';

/** Makes every call that leases need; writes are such that their condition never holds. @returns what is wrong */
export async function checkTable(options: LeaseOptions, activity: Activity, signal: AbortSignal): Promise<string[]> {
  const dynamodb = await import('@aws-sdk/client-dynamodb');
  const client = new dynamodb.DynamoDBClient({ ...(await awsClientOptions(options)), maxAttempts: 1 });
  const problems: string[] = [];
  const resource = `table "${options.table}"`;
  const probe = async (action: string, call: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await activity.repeat(`call dynamodb:${action} on ${resource}`, signal, call);
    } catch (error) {
      signal.throwIfAborted();
      // A missing table is created on the first start.
      const isFine = isRefused(error) || failureKind(error) === 'missing';
      if (!isFine) problems.push(explain(error, `dynamodb:${action}`, resource).message);
      return undefined;
    }
  };
  const TableName = options.table;
  const Key = { leaseKey: { S: 'tailrace check' } };
  const never = { ConditionExpression: 'attribute_exists(leaseKey)' };
  const abort = { abortSignal: signal };
  try {
    const found = await probe('DescribeTable', () =>
      client.send(new dynamodb.DescribeTableCommand({ TableName }), abort),
    );
    if (!found) return problems;
    await probe('Scan', () => client.send(new dynamodb.ScanCommand({ TableName, Limit: 1 }), abort));
    await probe('GetItem', () => client.send(new dynamodb.GetItemCommand({ TableName, Key }), abort));
    await probe('PutItem', () => client.send(new dynamodb.PutItemCommand({ TableName, Item: Key, ...never }), abort));
    const update = { TableName, Key, ...never, UpdateExpression: 'REMOVE leaseOwner' };
    await probe('UpdateItem', () => client.send(new dynamodb.UpdateItemCommand(update), abort));
    await probe('DeleteItem', () => client.send(new dynamodb.DeleteItemCommand({ TableName, Key, ...never }), abort));
    return problems;
  } finally {
    client.destroy();
  }
}
