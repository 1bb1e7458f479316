import { isMagicFor, kindOfCode } from './language.js';

const NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u;

/** The packages a code cell imports, by their first name: `sklearn` for `from sklearn.svm import SVC`. */
export function importsOf(source: string, language: string | undefined): string[] {
  const kind = kindOfCode(language);
  if (isMagicFor(source, kind)) return [];
  const found =
    kind === 'r' ? fromR(source) : kind === 'julia' ? fromJulia(source) : kind === 'python' ? fromPython(source) : [];
  return [...new Set(found)].filter(name => name.length <= 100 && NAME.test(name));
}

function fromPython(source: string): string[] {
  return source.split('\n').flatMap(line => {
    const imports = /^[ \t]*import[ \t]+([^#;]+)/.exec(line)?.[1];
    if (imports !== undefined) return imports.split(',').map(part => part.trim().split(/[\s.]/, 1)[0] ?? '');
    const from = /^[ \t]*from[ \t]+([\w.]+)[ \t]+import\b/.exec(line)?.[1];
    return from === undefined || from.startsWith('.') ? [] : [from.split('.', 1)[0] ?? ''];
  });
}

function fromR(source: string): string[] {
  const loaded = source.matchAll(/\b(?:library|require|requireNamespace|loadNamespace)\(\s*["']?([\w.]{1,100})/g);
  const named = source.matchAll(/(?<![\w.:])([A-Za-z][\w.]{0,99}):::?[A-Za-z.]/g);
  return [...loaded, ...named].map(match => match[1] ?? '');
}

function fromJulia(source: string): string[] {
  return [...source.matchAll(/^[ \t]*(?:using|import)[ \t]+([^#\n]+)/gm)].flatMap(match =>
    (match[1]?.split(':', 1)[0] ?? '').split(',').map(part => part.trim().split('.', 1)[0] ?? '')
  );
}
