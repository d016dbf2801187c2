import { z } from 'zod';
import { text } from '../../fields.ts';
import { httpAddress } from '../../http-address.ts';

/** Connection settings of any AWS service. */
export function awsEndpoint() {
  return {
    region: text('the name of an AWS region', 'us-east-1')
      .regex(/^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/)
      .exactOptional()
      .describe('AWS region; else AWS_REGION or the profile names it.'),
    endpoint: httpAddress('http://localhost:4566', 'write only the address; AWS credentials come from the environment')
      .exactOptional()
      .describe("Address of a server that stands in for AWS's; AWS_ENDPOINT_URL does the same."),
  };
}

/** Keys common to all that AWS offers. Their output fits {@link AwsAccess}. */
export function awsAccess() {
  const role = 'arn:aws:iam::123456789012:role/log-reader';
  return {
    ...awsEndpoint(),
    assumeRole: z
      .strictObject({
        roleArn: text('the ARN of an IAM role', role)
          .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/)
          .describe('ARN of the role to take on.'),
        externalId: text('two or more letters, digits and +=,.@:/-', 'my-company')
          .regex(/^[\w+=,.@:/-]{2,1224}$/)
          .exactOptional()
          .describe("What the role's trust policy asks for as sts:ExternalId."),
      })
      .exactOptional()
      .describe('Acts as this IAM role, for example one of another account.'),
  };
}

/** A valid name in S3. */
export function bucketName() {
  return text('the name of a bucket', 'my-logs').regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
}

/** A valid name in Kinesis and DynamoDB. */
export function awsName(expects: string, example: string) {
  return text(expects, example).regex(/^[\w.-]{1,128}$/);
}
