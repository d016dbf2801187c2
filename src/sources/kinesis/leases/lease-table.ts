import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Activity } from '../../aws/activity.ts';
import { awsClientOptions } from '../../aws/client-options.ts';
import { type AwsCall, callOn, explain } from '../../aws/explain-failure.ts';
import { failureKind, isNamed } from '../../aws/failure-kind.ts';
import type { LeaseOptions } from '../kinesis-options.ts';
import { type Item, type LeaseRow, readLease } from './lease-row.ts';

/** An update conditional on the row's owner and counter; it increments the counter. */
export interface LeaseChange {
  readonly owner: string | undefined;
  readonly counter: number;
  readonly set?: Item;
  readonly remove?: readonly string[];
}

/** Timeout of a heartbeat; a later one has no value. */
const requestTimeoutMs = 3000;
/** Number of earlier owners' batches kept in a row. */
const maxSettled = 32;
const ownerAndCounter = { '#owner': 'leaseOwner', '#counter': 'leaseCounter' };

/** The rows of leases in DynamoDB; every write is conditional. */
export class LeaseTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #activity: Activity;

  private constructor(client: DynamoDBClient, table: string, activity: Activity) {
    this.#client = client;
    this.#table = table;
    this.#activity = activity;
  }

  /** Creates the table when it is missing. @throws Error for failures that need manual action */
  static async open(options: LeaseOptions, activity: Activity, signal: AbortSignal): Promise<LeaseTable> {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const client = new DynamoDBClient(await awsClientOptions(options, { requestTimeoutMs }));
    const table = new LeaseTable(client, options.table, activity);
    await table.#create(signal);
    return table;
  }

  close(): void {
    this.#client.destroy();
  }

  /** All rows whose key has the prefix, by a consistent read. */
  async scan(prefix: string, signal: AbortSignal): Promise<LeaseRow[]> {
    const { ScanCommand } = await import('@aws-sdk/client-dynamodb');
    const rows: LeaseRow[] = [];
    let start: Item | undefined;
    do {
      const command = new ScanCommand({
        TableName: this.#table,
        ConsistentRead: true,
        FilterExpression: 'begins_with(leaseKey, :prefix)',
        ExpressionAttributeValues: { ':prefix': { S: prefix } },
        ...(start ? { ExclusiveStartKey: start } : {}),
      });
      const page = await this.#call('Scan', signal, () => this.#client.send(command, { abortSignal: signal }));
      rows.push(...(page.Items ?? []).map(readLease));
      start = page.LastEvaluatedKey;
    } while (start);
    return rows;
  }

  /** Does nothing when the row exists. */
  async add(row: Item, signal: AbortSignal): Promise<void> {
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    const condition = { ConditionExpression: 'attribute_not_exists(leaseKey)' };
    const command = new PutItemCommand({ TableName: this.#table, Item: row, ...condition });
    await this.#call('PutItem', signal, () => this.#client.send(command, { abortSignal: signal }).catch(ifNotRefused));
  }

  /** Does nothing when the row was written meanwhile. */
  async remove({ leaseKey, leaseCounter }: LeaseRow, signal: AbortSignal): Promise<void> {
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    const command = new DeleteItemCommand({
      TableName: this.#table,
      Key: { leaseKey: { S: leaseKey } },
      ConditionExpression: 'leaseCounter = :counter',
      ExpressionAttributeValues: { ':counter': { N: `${leaseCounter}` } },
    });
    await this.#call('DeleteItem', signal, () =>
      this.#client.send(command, { abortSignal: signal }).catch(ifNotRefused),
    );
  }

  /** Does not retry. @returns the current row @throws the SDK's error */
  async read(leaseKey: string): Promise<LeaseRow | undefined> {
    const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const command = new GetItemCommand({
      TableName: this.#table,
      Key: { leaseKey: { S: leaseKey } },
      ConsistentRead: true,
    });
    const { Item } = await this.#client.send(command);
    return Item && readLease(Item);
  }

  /**
   * Does not retry: after any error but a refusal ({@link isRefused}) the outcome is unknown, and may still change.
   * @returns the row afterwards
   * @throws the SDK's error
   */
  async update(leaseKey: string, { owner, counter, set = {}, remove = [] }: LeaseChange): Promise<LeaseRow> {
    const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
    const values = Object.entries(set);
    const assignments = ['#counter = :next', ...values.map((_, index) => `#set${index} = :set${index}`)];
    const removals = remove.map((_, index) => `#remove${index}`);
    const { Attributes = {} } = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: { leaseKey: { S: leaseKey } },
        UpdateExpression: `SET ${assignments.join(', ')}${removals.length > 0 ? ` REMOVE ${removals.join(', ')}` : ''}`,
        ConditionExpression: `#counter = :counter AND ${owner === undefined ? 'attribute_not_exists(#owner)' : '#owner = :owner'}`,
        ExpressionAttributeNames: {
          ...ownerAndCounter,
          ...Object.fromEntries(values.map(([name], index) => [`#set${index}`, name])),
          ...Object.fromEntries(remove.map((name, index) => [`#remove${index}`, name])),
        },
        ExpressionAttributeValues: {
          ':counter': { N: `${counter}` },
          ':next': { N: `${counter + 1}` },
          ...(owner === undefined ? {} : { ':owner': { S: owner } }),
          ...Object.fromEntries(values.map(([, value], index) => [`:set${index}`, value])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return readLease(Attributes);
  }

  /**
   * Takes a lease from the owner that the row had when it was read.
   * @returns the row afterwards; undefined when another worker was faster, or the outcome is unknown until a next scan
   */
  async take(row: LeaseRow, owner: string): Promise<LeaseRow | undefined> {
    const settled =
      row.batch === undefined ? row.settled : [...new Set([...row.settled, row.batch])].slice(-maxSettled);
    const set = {
      leaseOwner: { S: owner },
      ownerSwitchesSinceCheckpoint: { N: `${row.ownerSwitchesSinceCheckpoint + 1}` },
      settled: { L: settled.map((batch) => ({ S: batch })) },
    };
    try {
      return await this.update(row.leaseKey, { owner: row.leaseOwner, counter: row.leaseCounter, set });
    } catch (error) {
      if (isRefused(error)) return undefined;
      this.#activity.retries++;
      if (failureKind(error) === 'passing') return undefined;
      throw explain(error, callOnTable(this.#table, 'UpdateItem'));
    }
  }

  async #create(signal: AbortSignal): Promise<void> {
    const { CreateTableCommand, DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
    const create = new CreateTableCommand({
      TableName: this.#table,
      KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const describe = new DescribeTableCommand({ TableName: this.#table });
    for (;;) {
      const table = await this.#call('DescribeTable', signal, () =>
        this.#client.send(describe, { abortSignal: signal }).catch((error) => {
          if (failureKind(error) !== 'missing') throw error;
        }),
      );
      if (table?.Table?.TableStatus === 'ACTIVE' || table?.Table?.TableStatus === 'UPDATING') return;
      // ResourceInUse means that another worker is creating it.
      if (!table) {
        await this.#call('CreateTable', signal, () =>
          this.#client.send(create, { abortSignal: signal }).catch((error) => {
            if (!isNamed(error, /^ResourceInUseException$/)) throw error;
          }),
        );
      }
      await pause(200, undefined, { signal });
    }
  }

  #call<T>(action: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    return this.#activity.call(callOnTable(this.#table, action), signal, send);
  }
}

/** @param action without `dynamodb:` */
export function callOnTable(table: string, action: string): AwsCall {
  return callOn(`table "${table}"`, `dynamodb:${action}`);
}

/** Whether the condition failed, so that nothing was written. */
export function isRefused(error: unknown): boolean {
  return isNamed(error, /^ConditionalCheckFailedException$/);
}

function ifNotRefused(error: unknown): void {
  if (!isRefused(error)) throw error;
}
