import { entropy } from '../likeness.js';
import type { Hints } from '../hints.js';
import type { FoundSecret } from '../types.js';

type Add = (hit: FoundSecret) => void;

const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
/** Longest private key that is looked for, in characters. */
const PEM_LONGEST = 20_000;
/** Fewest characters of key below its first line; fewer are a placeholder. */
const PEM_SHORTEST = 16;

/** Private keys in PEM, also short ones, cut off ones, and those in one line of JSON. */
export function privateKeys(text: string, add: Add): void {
  if (!text.includes('PRIVATE KEY')) return;
  let covered = 0;
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < covered) continue;
    const from = begin.index + begin[0].length;
    const rest = text.slice(from, from + PEM_LONGEST);
    const end = /-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/.exec(rest);
    const body = end ? rest.slice(0, end.index) : (/^(?:[A-Za-z0-9+/=\s"'+,>#:.-]|\\[nr])*/.exec(rest)?.[0] ?? '');
    const key = body.replace(/\\[nr]|[^A-Za-z0-9+/]/g, '');
    const length = end ? end.index + end[0].length : body.trimEnd().length;
    covered = from + length;
    if (key.length < PEM_SHORTEST || entropy(key) < 2.5) continue;
    add({ start: begin.index, end: covered, rule: 'private-key', label: 'Private key' });
  }
}

const AWS_ID = /(?<![A-Za-z0-9+/])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9+/])/g;
const AWS_SECRET = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g;
const AWS_TOKEN = /(?<![A-Za-z0-9+/])(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz)[A-Za-z0-9+/]{60,}={0,2}/g;
/** A secret key this near to a key id belongs to it, in characters. */
const AWS_NEAR = 300;

/** AWS keys: the id, the secret beside it, and the session token. */
export function awsKeys(text: string, add: Add, hints: Hints): void {
  if (!hints.mayHoldKey) return;
  if (/(?:AK|AS|AB)IA|ACCA/.test(text)) {
    for (const id of text.matchAll(AWS_ID)) {
      if (id[0].includes('EXAMPLE')) continue;
      const end = id.index + id[0].length;
      add({ start: id.index, end, rule: 'aws-key-id', label: 'AWS access key id' });
      const from = Math.max(0, id.index - AWS_NEAR);
      for (const secret of text.slice(from, end + AWS_NEAR).matchAll(AWS_SECRET)) {
        if (!isAwsSecret(secret[0])) continue;
        const start = from + secret.index;
        add({ start, end: start + secret[0].length, rule: 'aws-secret-key', label: 'AWS secret access key' });
      }
    }
  }
  if (!/YXdz|b3JpZ2lu/.test(text)) return;
  for (const token of text.matchAll(AWS_TOKEN))
    add({ start: token.index, end: token.index + token[0].length, rule: 'aws-session', label: 'AWS session token' });
}

/** Forty characters of base 64: all kinds of them, so no hash in hex and no long name. */
function isAwsSecret(text: string): boolean {
  return (
    /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && entropy(text) >= 3.7 && !text.includes('EXAMPLE')
  );
}

const JWT = /(?<![\w.-])eyJ[\w-]{10,}\.eyJ[\w-]{6,}\.[\w-]{16,}/g;

/** JSON web tokens: three parts, the first of which names an algorithm. */
export function webTokens(text: string, add: Add, hints: Hints): void {
  if (!hints.mayHoldKey || !text.includes('.eyJ')) return;
  for (const token of text.matchAll(JWT)) {
    const header = Buffer.from(token[0].slice(0, token[0].indexOf('.')), 'base64url').toString('latin1');
    if (!/"(?:alg|typ|enc|kid)"/.test(header)) continue;
    add({ start: token.index, end: token.index + token[0].length, rule: 'jwt', label: 'JSON web token' });
  }
}

/** Keys that tell by their first characters what they are, beside those the preset of secretlint knows. */
const known: { begins: string; pattern: RegExp; rule: string; label: string }[] = [
  { begins: 'AIza', pattern: /(?<!\w)AIza[\w-]{35}(?![\w-])/g, rule: 'google-api-key', label: 'Google API key' },
  { begins: 'ya29.', pattern: /(?<!\w)ya29\.[\w-]{20,}/g, rule: 'google-token', label: 'Google access token' },
  { begins: 'GOCSPX-', pattern: /(?<!\w)GOCSPX-[\w-]{20,}/g, rule: 'google-client', label: 'Google client secret' },
  { begins: '1//0', pattern: /(?<!\w)1\/\/0[\w-]{40,}/g, rule: 'google-refresh', label: 'Google refresh token' },
  {
    begins: 'sk-',
    pattern: /(?<![\w-])sk-(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}/g,
    rule: 'sk-key',
    label: 'API key'
  },
  { begins: 'hf_', pattern: /(?<!\w)hf_[A-Za-z0-9]{30,}/g, rule: 'huggingface', label: 'Hugging Face token' },
  { begins: 'gh', pattern: /(?<!\w)gh[opsur]_[A-Za-z0-9]{36,}/g, rule: 'github', label: 'GitHub token' },
  { begins: 'glpat-', pattern: /(?<!\w)glpat-[\w-]{20,}/g, rule: 'gitlab', label: 'GitLab token' },
  { begins: 'xox', pattern: /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,}/g, rule: 'slack', label: 'Slack token' },
  { begins: 'pypi-', pattern: /(?<!\w)pypi-AgE[\w-]{50,}/g, rule: 'pypi', label: 'PyPI token' },
  { begins: 'dop_v1_', pattern: /(?<!\w)do[opr]_v1_[0-9a-f]{64}/g, rule: 'digitalocean', label: 'DigitalOcean token' },
  { begins: 'dapi', pattern: /(?<!\w)dapi[0-9a-f]{32}(?:-\d)?(?!\w)/g, rule: 'databricks', label: 'Databricks token' },
  { begins: 'SK', pattern: /(?<!\w)SK[0-9a-f]{32}(?!\w)/g, rule: 'twilio', label: 'Twilio key' },
  { begins: 'key-', pattern: /(?<![\w-])key-[0-9a-f]{32}(?!\w)/g, rule: 'mailgun', label: 'Mailgun key' },
  { begins: 'hvs.', pattern: /(?<!\w)hvs\.[\w-]{24,}/g, rule: 'vault', label: 'Vault token' }
];

export function knownKeys(text: string, add: Add, hints: Hints): void {
  if (!hints.mayHoldKey) return;
  for (const { begins, pattern, rule, label } of known) {
    if (!text.includes(begins)) continue;
    for (const key of text.matchAll(pattern)) add({ start: key.index, end: key.index + key[0].length, rule, label });
  }
}
