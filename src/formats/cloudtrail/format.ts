import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * A file is one JSON object with a list of records; CloudWatch Logs has one record per message. Digest files beside
 * them prove that none was changed and hold no event.
 */
export const cloudtrail: Format = {
  name: 'cloudtrail',
  title: 'CloudTrail',
  reference:
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html',
  fields,
  headerless: 'whole',
  framing: {
    kind: 'json',
    list: 'Records',
    nested: [
      { key: 'userIdentity', holds: 'object' },
      { key: 'tlsDetails', holds: 'object' },
      { key: 'insightDetails', holds: 'object' },
    ],
  },
  requires: [
    ['eventVersion'],
    ['eventTime'],
    ['eventSource', 'insightDetails.eventSource'],
    ['eventName', 'insightDetails.eventName'],
  ],
  commentPrefix: '{"awsAccountId":',
  isStrict: true,
  event: {
    columns: {
      message:
        '{eventSource|insightDetails.eventSource~^([0-9A-Za-z_-]+)}:{eventName|insightDetails.eventName}' +
        '[ {insightDetails.insightType}][ {insightDetails.state}]' +
        '[ by {userIdentity.arn|userIdentity.userName|userIdentity.invokedBy|userIdentity.type}][ from {sourceIPAddress}]' +
        '[: {errorCode}][, {errorMessage}]',
      service: '{eventSource|insightDetails.eventSource}',
      request_id: '{requestID}',
      event_id: '{eventID}',
    },
    levels: [
      { level: 'ERROR', field: 'errorCode' },
      { level: 'ERROR', field: 'errorMessage' },
      { level: 'WARN', field: 'insightDetails.state' },
    ],
  },
};
