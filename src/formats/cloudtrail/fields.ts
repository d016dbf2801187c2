import type { Field } from '../format.ts';

const text = (name: string): Field => ({ name, type: 'text' });

/**
 * CloudTrail records: the keys of an object, those within `userIdentity`, `tlsDetails` and `insightDetails` with
 * their path in front.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const fields: readonly Field[] = [
  { name: 'eventVersion', type: 'token', pattern: '^[0-9]+[.][0-9]+$' },
  { name: 'eventTime', type: 'any-time', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' },
  // S3 event notifications have the same keys, and `aws:s3` here.
  { name: 'eventSource', type: 'token', pattern: '^[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$' },
  { name: 'eventName', type: 'token' },
  { name: 'awsRegion', type: 'token', pattern: '^[a-z0-9-]+$' },
  text('sourceIPAddress'),
  text('userAgent'),
  text('errorCode'),
  text('errorMessage'),
  text('requestParameters'),
  text('responseElements'),
  text('additionalEventData'),
  text('requestID'),
  text('eventID'),
  text('eventType'),
  text('apiVersion'),
  text('managementEvent'),
  text('readOnly'),
  text('resources'),
  text('recipientAccountId'),
  text('serviceEventDetails'),
  text('sharedEventID'),
  text('vpcEndpointId'),
  text('vpcEndpointAccountId'),
  text('eventCategory'),
  text('addendum'),
  text('sessionCredentialFromConsole'),
  text('edgeDeviceDetails'),
  text('userIdentity.type'),
  text('userIdentity.userName'),
  text('userIdentity.principalId'),
  text('userIdentity.arn'),
  text('userIdentity.accountId'),
  text('userIdentity.accessKeyId'),
  text('userIdentity.sessionContext'),
  text('userIdentity.invokedBy'),
  text('userIdentity.onBehalfOf'),
  text('userIdentity.identityProvider'),
  text('tlsDetails.tlsVersion'),
  text('tlsDetails.cipherSuite'),
  text('tlsDetails.clientProvidedHostHeader'),
  text('tlsDetails.keyExchange'),
  text('insightDetails.state'),
  text('insightDetails.eventSource'),
  text('insightDetails.eventName'),
  text('insightDetails.insightType'),
  text('insightDetails.errorCode'),
  text('insightDetails.insightContext'),
];
