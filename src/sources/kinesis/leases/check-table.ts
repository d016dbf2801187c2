import type { AccessProbe } from '../../aws/access-probe.ts';
import { awsClientOptions } from '../../aws/client-options.ts';
import { failureKind } from '../../aws/failure-kind.ts';
import type { LeaseOptions } from '../kinesis-options.ts';
import { callOnTable, isRefused } from './lease-table.ts';

/** Makes every call that leases need; the condition of its writes never holds. */
export async function checkTable(options: LeaseOptions, probe: AccessProbe): Promise<void> {
  const dynamodb = await import('@aws-sdk/client-dynamodb');
  const client = new dynamodb.DynamoDBClient(await awsClientOptions(options));
  const attempt = <T>(action: string, send: () => Promise<T>) =>
    // A missing table is created on the first start.
    probe.try(
      callOnTable(options.table, action),
      send,
      (error) => isRefused(error) || failureKind(error) === 'missing',
    );
  const TableName = options.table;
  const Key = { leaseKey: { S: 'tailrace check' } };
  const never = { ConditionExpression: 'attribute_exists(leaseKey)' };
  const abort = { abortSignal: probe.signal };
  try {
    const found = await attempt('DescribeTable', () =>
      client.send(new dynamodb.DescribeTableCommand({ TableName }), abort),
    );
    if (!found) return;
    await attempt('Scan', () => client.send(new dynamodb.ScanCommand({ TableName, Limit: 1 }), abort));
    await attempt('GetItem', () => client.send(new dynamodb.GetItemCommand({ TableName, Key }), abort));
    await attempt('PutItem', () => client.send(new dynamodb.PutItemCommand({ TableName, Item: Key, ...never }), abort));
    const update = { TableName, Key, ...never, UpdateExpression: 'REMOVE leaseOwner' };
    await attempt('UpdateItem', () => client.send(new dynamodb.UpdateItemCommand(update), abort));
    await attempt('DeleteItem', () => client.send(new dynamodb.DeleteItemCommand({ TableName, Key, ...never }), abort));
  } finally {
    client.destroy();
  }
}
