import { createHmac } from 'node:crypto';

/** How keys are marked that are given in base64. */
const BASE64 = 'whsec_';

/**
 * The signature of a webhook: HMAC-SHA-256 over `<id>.<timestamp>.<body>`, in base64 (standardwebhooks.com).
 *
 * @param secret - `whsec_` and the key in base64, or any other text, whose bytes in UTF-8 are the key
 */
export function sign(secret: string, signed: { id: string; timestamp: string; body: string }): string {
  const key = secret.startsWith(BASE64) ? Buffer.from(secret.slice(BASE64.length), 'base64') : Buffer.from(secret);
  const hmac = createHmac('sha256', key).update(`${signed.id}.${signed.timestamp}.${signed.body}`);
  return `v1,${hmac.digest('base64')}`;
}
