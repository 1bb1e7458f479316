import type { LiveSecret } from '../../share/ports.js';

const AWS_NAMES = new Set(['aws_secret_access_key', 'aws_session_token', 'aws_security_token']);

/** The secrets of an AWS credentials file, by profile. */
export function awsSecrets(text: string): LiveSecret[] {
  const secrets: LiveSecret[] = [];
  let profile = 'default';
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) profile = section;
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (AWS_NAMES.has(name.toLowerCase())) secrets.push({ name: `AWS profile ${profile}`, value });
  }
  return secrets;
}

/** The passwords of a `.netrc` file, by machine. Macros are passed over. */
export function netrcSecrets(text: string): LiveSecret[] {
  const secrets: LiveSecret[] = [];
  const words = text.replace(/^macdef[\s\S]*?(?:\n[ \t]*\n|$(?![\s\S]))/gm, '').match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  let machine = 'default';
  for (let at = 0; at < words.length; at++) {
    if (words[at] === 'default') machine = 'default';
    else if (words[at] === 'machine') machine = words[++at] ?? '';
    else if (words[at] === 'login') at++;
    else if (words[at] === 'password' || words[at] === 'account') {
      const isPassword = words[at] === 'password';
      const value = (words[++at] ?? '').replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
      if (isPassword) secrets.push({ name: `.netrc for ${machine}`, value });
    }
  }
  return secrets;
}

/** The passwords of a `.pgpass` file: `host:port:database:user:password`, colons and backslashes escaped. */
export function pgpassSecrets(text: string): LiveSecret[] {
  return text.split(/\r?\n/).flatMap(line => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map(field => field.replace(/:$/, ''));
    const value = fields[4]?.replace(/\\(.)/g, '$1');
    const host = fields[0]?.replace(/\\(.)/g, '$1') ?? '';
    return value === undefined || value === '' ? [] : [{ name: `.pgpass for ${host}`, value }];
  });
}
