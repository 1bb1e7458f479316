import { Parser } from 'htmlparser2';

/** Everything a page of ours is made of. */
const TAGS = new Set(
  (
    'html head meta title style body main header footer nav section div p span pre code h1 h2 h3 h4 h5 h6 a img figure figcaption table caption colgroup col thead tbody tfoot tr th td ul ol li dl dt dd blockquote details summary small hr br em strong s b i u ins del sub sup kbd mark q cite abbr bdi bdo ruby rt rp var samp tt big strike font center address article aside dfn wbr acronym ' +
    'math semantics annotation mrow mi mn mo mfrac msup msub msubsup msqrt mroot munder mover munderover mtable mtr mtd mtext mspace mstyle mpadded mphantom menclose mglyph svg g path rect circle ellipse line polyline polygon text tspan desc'
  ).split(' ')
);

/**
 * What in a page could run, load, send or lead astray, found with a parser of its own. Empty for a harmless page.
 */
export function dangers(html: string): string[] {
  const found: string[] = [];
  let policies = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (!TAGS.has(name)) found.push(`<${name}>`);
      if (name === 'meta' && attributes['http-equiv'] === 'Content-Security-Policy') policies++;
      else if (name === 'meta' && attributes['http-equiv'] !== undefined)
        found.push(`meta ${attributes['http-equiv']}`);
      for (const [key, value] of Object.entries(attributes)) judge(name, key, value, found);
    }
  });
  parser.write(html);
  parser.end();
  if (policies !== 1) found.push(`${policies} content security policies`);
  return found;
}

function judge(tag: string, name: string, value: string, found: string[]): void {
  if (
    /^on|^data-|^xlink:|^xmlns:|^formaction$|^srcdoc$|^srcset$|^background$|^ping$|^action$|^form$|^is$|^slot$/.test(
      name
    )
  )
    found.push(`${tag} ${name}`);
  if (name === 'href' && !/^(https?:\/\/|mailto:|#)/.test(value)) found.push(`${tag} href ${value}`);
  if (name === 'src' && !/^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[\w+/=]+$/.test(value))
    found.push(`${tag} src ${value.slice(0, 60)}`);
  if (name === 'style' && /url\(|expression|@import|position\s*:\s*(?!relative)|behavior|-moz-binding|\\/i.test(value))
    found.push(`${tag} style ${value}`);
  if (name === 'target' && value !== '_blank') found.push(`${tag} target ${value}`);
  if (name === 'id' && !/^(nb-|cell-\d+$|figure-\d+$)/.test(value)) found.push(`${tag} id ${value}`);
}
