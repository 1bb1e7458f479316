import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';

/** What stands in a file instead of a session. */
const Sealed = z.object({
  version: z.literal(1),
  /** Which key it is. */
  key: z.string(),
  iv: z.base64(),
  tag: z.base64(),
  data: z.base64()
});

const CIPHER = 'aes-256-gcm';

/** A key of 32 bytes with its name, which tells nothing of it. */
export interface SealingKey {
  id: string;
  key: Buffer;
}

/** What cannot be opened: another key, or other bytes than were written. */
export class SealBroken extends Error {
  constructor(readonly reason: 'other-key' | 'changed') {
    super(reason === 'other-key' ? 'It was sealed with another key.' : 'It is not as it was written.');
    this.name = 'SealBroken';
  }
}

/**
 * Encrypts a text.
 *
 * @param about - bound to it: opened as anything else it counts as changed
 */
export function seal(text: string, about: string, { id, key }: SealingKey): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(`${about}\n${id}`));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const base64 = (bytes: Buffer): string => bytes.toString('base64');
  return JSON.stringify({ version: 1, key: id, iv: base64(iv), tag: base64(cipher.getAuthTag()), data: base64(data) });
}

/** @throws SealBroken */
export function unseal(content: string, about: string, { id, key }: SealingKey): string {
  const sealed = parsed(content);
  if (sealed.key !== id) throw new SealBroken('other-key');
  const [iv, tag, data] = [sealed.iv, sealed.tag, sealed.data].map(text => Buffer.from(text, 'base64')) as [
    Buffer,
    Buffer,
    Buffer
  ];
  try {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: 16 })
      .setAAD(Buffer.from(`${about}\n${id}`))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new SealBroken('changed');
  }
}

function parsed(content: string): z.infer<typeof Sealed> {
  try {
    return Sealed.parse(JSON.parse(content));
  } catch {
    throw new SealBroken('changed');
  }
}
