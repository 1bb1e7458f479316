import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** A secret that the preset of secretlint found in a text. */
export interface PresetHit {
  start: number;
  end: number;
  /** `secretlint/github` */
  rule: string;
  label: string;
  isWide: boolean;
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend';
/** Comments in a notebook do not switch the gate off. */
const COMMENTS = '@secretlint/secretlint-rule-filter-comments';

/** Rules that report the whole address, not the password in it. */
const WIDE = new Set(['basicauth', 'database-connection-string']);

/** Each mark it sets is kept by the process for ever. */
secretLintProfiler.setEnabled(false);

/**
 * Looks for the secrets that the recommended rules of secretlint know.
 *
 * @param text - many texts may be joined by line breaks: a call costs more than a text
 */
export async function presetHits(text: string): Promise<PresetHit[]> {
  // A byte order mark would be cut off, and all positions with it.
  const content = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  const { messages } = await lintSource({
    source: { filePath: 'cell.txt', content, ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      config: { rules: [{ id: PRESET, rule: creator, rules: [{ id: COMMENTS, disabled: true }], options: {} }] }
    }
  });
  return messages.map(({ ruleId, range: [start, end] }) => {
    const name = ruleId.replace('@secretlint/secretlint-rule-', '');
    return { start, end, rule: `secretlint/${name}`, label: labelOf(name), isWide: WIDE.has(name) };
  });
}

/** Names as their owners write them, where cutting the name of the rule would not do. */
const labels: Record<string, string> = {
  aws: 'AWS secret access key',
  basicauth: 'Password in an address',
  'database-connection-string': 'Password in an address of a database',
  github: 'GitHub token',
  gitlab: 'GitLab token',
  huggingface: 'Hugging Face token',
  npm: 'npm token',
  openai: 'OpenAI key',
  privatekey: 'Private key',
  'hashicorp-vault': 'Vault token',
  '1password': '1Password token'
};

function labelOf(name: string): string {
  return labels[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)} key or token`;
}
