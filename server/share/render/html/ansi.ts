import { escapeHtml, revealDirection } from './escape.js';

/**
 * Text with SGR colours (ESC [ … m) and no other control sequence → HTML. The sixteen named colours become classes, so
 * that each theme gives them enough contrast; free colours are mixed with the theme's text colour by the style sheet.
 */
export function ansiHtml(text: string): string {
  if (!text.includes('\u001b')) return revealDirection(escapeHtml(text));
  const style = new Style();
  const parts: string[] = [];
  // Odd pieces are the numbers of a colour sequence.
  // eslint-disable-next-line no-control-regex -- the escape character is what it looks for
  text.split(/\u001b\[([0-9;]*)m/).forEach((piece, at) => {
    if (at % 2 === 1) style.apply(piece);
    else if (piece !== '') parts.push(style.wrap(revealDirection(escapeHtml(piece))));
  });
  return parts.join('');
}

/** The text without its colours. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what it looks for
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const LEVELS = [0, 95, 135, 175, 215, 255];

/** A colour: a name with a class of its own, or free. */
type Colour = { name: string } | { rgb: [number, number, number] };

class Style {
  private readonly flags = new Set<string>();
  private front: Colour | undefined;
  private back: Colour | undefined;

  apply(codes: string): void {
    const numbers = codes.split(';').map(Number);
    for (let at = 0; at < numbers.length; at++) {
      const code = numbers[at] as number;
      if (code === 38 || code === 48) {
        const { colour, used } = extended(numbers, at + 1);
        if (code === 38) this.front = colour ?? this.front;
        else this.back = colour ?? this.back;
        at += used;
      } else this.simple(code);
    }
  }

  wrap(html: string): string {
    const [front, back] = this.flags.has('inverse') ? [this.back, this.front] : [this.front, this.back];
    const classes = [...this.flags].map(flag => `ansi-${flag}`);
    const styles: string[] = [];
    if (front) {
      classes.push('name' in front ? `ansi-${front.name}` : 'ansi-free');
      if ('rgb' in front) styles.push(`--c:rgb(${front.rgb.join(' ')})`);
    }
    if (back) {
      classes.push('name' in back ? `ansi-on-${back.name}` : `ansi-on-${isDark(back.rgb) ? 'dark' : 'light'}`);
      if ('rgb' in back) styles.push(`--b:rgb(${back.rgb.join(' ')})`);
    }
    if (classes.length === 0) return html;
    return `<span class="${classes.join(' ')}"${styles.length > 0 ? ` style="${styles.join(';')}"` : ''}>${html}</span>`;
  }

  private simple(code: number): void {
    if (code === 0) {
      this.flags.clear();
      this.front = this.back = undefined;
    } else if (code === 39) this.front = undefined;
    else if (code === 49) this.back = undefined;
    else if (code >= 30 && code <= 37) this.front = { name: NAMES[code - 30] as string };
    else if (code >= 40 && code <= 47) this.back = { name: NAMES[code - 40] as string };
    else if (code >= 90 && code <= 97) this.front = { name: `bright-${NAMES[code - 90]}` };
    else if (code >= 100 && code <= 107) this.back = { name: `bright-${NAMES[code - 100]}` };
    else if (code === 22) {
      this.flags.delete('bold');
      this.flags.delete('faint');
    } else if (Object.hasOwn(FLAGS, code)) this.flags.add(FLAGS[code] as string);
    else if (Object.hasOwn(FLAGS, code - 20)) this.flags.delete(FLAGS[code - 20] as string);
  }
}

const FLAGS: Record<number, string> = { 1: 'bold', 2: 'faint', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike' };

/** `5;n` (a palette of 256) or `2;r;g;b`, and how many numbers it takes. */
function extended(numbers: number[], at: number): { colour: Colour | undefined; used: number } {
  if (numbers[at] === 2) {
    const rgb = [1, 2, 3].map(step => Math.min(Math.max(numbers[at + step] ?? 0, 0), 255)) as [number, number, number];
    return { colour: { rgb }, used: 4 };
  }
  if (numbers[at] !== 5) return { colour: undefined, used: 0 };
  const index = Math.min(Math.max(numbers[at + 1] ?? 0, 0), 255);
  return { colour: palette(index), used: 2 };
}

function palette(index: number): Colour {
  if (index < 8) return { name: NAMES[index] as string };
  if (index < 16) return { name: `bright-${NAMES[index - 8]}` };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { rgb: [grey, grey, grey] };
  }
  const cube = index - 16;
  const level = (step: number): number => LEVELS[Math.floor(cube / step) % 6] as number;
  return { rgb: [level(36), level(6), level(1)] };
}

function isDark([red, green, blue]: [number, number, number]): boolean {
  return red * 0.299 + green * 0.587 + blue * 0.114 < 140;
}
