import { describe, expect, test } from 'vitest';
import { createLog, registerSecret, withoutSecrets } from '../../server/logging.js';

describe('the log', () => {
  test('never shows a registered secret in any spelling', () => {
    const secret = 'p@ss "w\u00f6rd"/+';
    registerSecret(secret);
    const lines: string[] = [];
    const log = createLog('debug', line => lines.push(line));
    log.info({ url: `https://h/?k=${encodeURIComponent(secret)}`, quoted: secret }, `as it is: ${secret}`);
    log.warn(
      { encoded: Buffer.from(secret).toString('base64'), web: Buffer.from(secret).toString('base64url') },
      'encoded'
    );
    log.error({ err: new Error(`failed with ${secret}`) }, 'error');
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toContain('[secret]');
      for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64url')]) {
        expect(line).not.toContain(spelling);
      }
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  test('blanks fields that are secret by name', () => {
    const lines: string[] = [];
    createLog('info', line => lines.push(line)).info(
      { token: 'abc', request: { cookie: 'x=y', headers: { authorization: 'z' } } },
      'm'
    );
    expect(lines[0]).not.toMatch(/abc|x=y|"z"/);
  });

  test('leaves ordinary text alone, and short values are no secrets', () => {
    registerSecret('a');
    expect(withoutSecrets('a banana')).toBe('a banana');
  });
});
