// The files that AWS's own clients share, as far as the doctor needs them.

/** One section: the number of its first line, its name without `profile `, its settings in small letters. */
export interface Section {
  line: number;
  name: string;
  values: ReadonlyMap<string, string>;
}

const header = /^\s*\[\s*(?:profile\s+)?("?)([^\]]*?)\1\s*\]/;

/** The sections of a file such as `~/.aws/credentials`. Lines that are none of its kind are left out. */
export function sectionsOf(text: string): Section[] {
  const sections: (Section & { values: Map<string, string> })[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const [, , name] = header.exec(line) ?? [];
    if (name !== undefined) sections.push({ line: at, name, values: new Map() });
    // What is indented belongs to the setting above, as below `s3 =`.
    const [, key, value] = /^([A-Za-z_][\w.-]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) sections.at(-1)?.values.set(key.toLowerCase(), value);
  }
  return sections;
}

/** Settings with which a section gives keys before clients ask an endpoint. */
const GIVES_KEYS = ['aws_access_key_id', 'credential_process', 'sso_session', 'sso_start_url', 'role_arn'];

/** The setting of a section that gives keys; undefined where none does. */
export function giverOf(text: string, name: string): string | undefined {
  const values = sectionsOf(text)
    .filter(section => section.name === name)
    .flatMap(section => [...section.values]);
  return GIVES_KEYS.find(key => values.some(([each, value]) => each === key && value !== ''));
}

/** A setting of a section; undefined where it has none. */
export function settingOf(text: string, name: string, key: string): string | undefined {
  return sectionsOf(text)
    .find(section => section.name === name && section.values.has(key))
    ?.values.get(key);
}

/** The file with a section under another name, of which no other section has. All else stays as it is. */
export function renamed(text: string, name: string, wanted: string): { text: string; name: string } {
  const taken = new Set(sectionsOf(text).map(section => section.name));
  const free = [wanted, ...Array.from({ length: taken.size + 1 }, (_, at) => `${wanted}-${at + 2}`)];
  const chosen = free.find(each => !taken.has(each)) ?? wanted;
  const lines = text.split('\n');
  for (const section of sectionsOf(text)) {
    if (section.name === name) lines[section.line] = `[${chosen}]${lines[section.line]?.endsWith('\r') ? '\r' : ''}`;
  }
  return { text: lines.join('\n'), name: chosen };
}

/** The file `config` with a region in a section, which is made where it is missing. */
export function withRegion(text: string, name: string, region: string): string {
  const section = sectionsOf(text).find(each => each.name === name);
  if (section === undefined) {
    const title = name === 'default' ? name : `profile ${name}`;
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}[${title}]\nregion = ${region}\n`;
  }
  const lines = text.split('\n');
  lines.splice(section.line + 1, 0, `region = ${region}`);
  return lines.join('\n');
}
