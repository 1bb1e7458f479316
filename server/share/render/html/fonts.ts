import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Face {
  family: string;
  weight: string;
  style: string;
  file: string;
}

/**
 * KaTeX's style sheet with the fonts a page uses, inlined; the others are left out.
 *
 * @param folder - where `katex.min.css` and `fonts/` lie
 * @param classNames - the class attributes in the formulas of the page
 */
export function mathStyle(folder: string, classNames: Iterable<string>): string {
  const sheet = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  const used = new Set([...classNames].flatMap(names => names.split(' ')));
  const rules = sheet.replace(/@font-face\{[^}]*\}/g, '');
  const faces = usedFaces(facesOf(sheet), rules, used);
  const inlined = faces.map(face => {
    const data = readFileSync(join(folder, 'fonts', face.file)).toString('base64');
    return `@font-face{font-family:${face.family};font-weight:${face.weight};font-style:${face.style};src:url(data:font/woff2;base64,${data}) format("woff2")}`;
  });
  return inlined.join('\n') + rules;
}

function facesOf(sheet: string): Face[] {
  return [...sheet.matchAll(/@font-face\{([^}]*)\}/g)].map(match => {
    const body = match[1] ?? '';
    const value = (name: string): string => new RegExp(`${name}:"?([^;"]+)`).exec(body)?.[1] ?? '';
    return {
      family: value('font-family'),
      weight: value('font-weight'),
      style: value('font-style'),
      file: /fonts\/([\w-]+\.woff2)/.exec(body)?.[1] ?? ''
    };
  });
}

/**
 * The faces that the rules for these classes ask for. A rule that only makes bold or italic may apply to any family,
 * so it asks for that form of each family in use.
 */
function usedFaces(faces: Face[], rules: string, used: Set<string>): Face[] {
  const wanted = new Set(['KaTeX_Main 400 normal']);
  const forms = new Set(['400 normal']);
  for (const [, selectors = '', body = ''] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const family = /font-family:"?(KaTeX_\w+)/.exec(body)?.[1];
    const weight = /font-weight:(\d+)/.exec(body)?.[1];
    const style = /font-style:(\w+)/.exec(body)?.[1];
    if ((family ?? weight ?? style) === undefined) continue;
    if (!selectors.split(',').some(selector => applies(selector, used))) continue;
    const form = `${weight ?? '400'} ${style ?? 'normal'}`;
    if (family === undefined) forms.add(form);
    else wanted.add(`${family} ${form}`);
  }
  const families = new Set([...wanted].map(face => face.split(' ')[0]));
  for (const family of families) for (const form of forms) wanted.add(`${family} ${form}`);
  return faces.filter(face => wanted.has(`${face.family} ${face.weight} ${face.style}`));
}

function applies(selector: string, used: Set<string>): boolean {
  const classes = [...selector.matchAll(/\.([\w-]+)/g)].map(match => match[1] as string);
  return classes.length > 0 && classes.every(name => used.has(name));
}
