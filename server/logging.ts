import { pino } from 'pino';
import type { Log } from './ports.js';

const secrets = new Set<string>();

/** Shorter values would blank out ordinary text. */
const SHORTEST_SECRET = 6;

/**
 * Makes sure that a secret never reaches the log, in any of its usual spellings: as it is, in base64, URL-encoded,
 * JSON-escaped. Every secret that enters the process is registered before it is used.
 */
export function registerSecret(value: string): void {
  if (value.length < SHORTEST_SECRET) return;
  const bytes = Buffer.from(value);
  for (const spelling of [
    value,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1)
  ]) {
    secrets.add(spelling);
  }
}

/** A text without the registered secrets. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}

const redacted = ['authorization', 'cookie', 'token', 'secret', 'password'];

/**
 * The log: JSON lines to standard output.
 *
 * @param write - where a line goes; standard output by default
 */
export function createLog(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  write: (line: string) => void = line => process.stdout.write(line)
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [...redacted, ...redacted.map(name => `*.${name}`), ...redacted.map(name => `*.*.${name}`)],
        censor: '[secret]'
      }
    },
    { write: line => write(withoutSecrets(line)) }
  );
}
