import { oneLine } from './words.js';

/** The most parameters that a notice names, and the most of a value it shows. */
const MOST = 20;
const LONGEST = 200;

/** Names that say that a value is a secret. */
const SECRET = /passw(?:or)?d|passphrase|secret|token|credential|api_?key|access_?key|private_?key|^pwd$/i;

/** Values of parameters in words. Secrets are named, never shown. @param redact - takes known secrets out of a text */
export function toldParameters(
  parameters: Readonly<Record<string, unknown>>,
  redact: (text: string) => string
): { name: string; value: string }[] {
  const all = Object.entries(parameters);
  const told = all.slice(0, MOST).map(([name, value]) => ({ name, value: toldValue(name, value, redact) }));
  return all.length <= MOST ? told : [...told, { name: '…', value: `${all.length - MOST} more` }];
}

function toldValue(name: string, value: unknown, redact: (text: string) => string): string {
  if (isReference(value) || SECRET.test(name)) return '(a secret)';
  return oneLine(redact(typeof value === 'string' ? value : JSON.stringify(value)), LONGEST);
}

/** A secret by reference, `{"$env": "NAME"}`. */
function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$env' in value;
}
