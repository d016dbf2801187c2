import { expect, test } from 'vitest';
import { signRequest } from './sign-request.ts';

test('the signature is the one of the example that libraries for Standard Webhooks test with', () => {
  const body = Buffer.from('{"test": 2432232314}');
  const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1614265330, body };
  expect(signRequest('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', signed)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});
