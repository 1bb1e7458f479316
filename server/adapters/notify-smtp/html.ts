import type { Notice } from '../../schedule/notify/ports.js';
import { signOf } from '../../schedule/notify/signs.js';
import { factsOf } from './facts.js';

/** Of each mood, a colour that is read on white, and one that is read on near-black. */
const colours = { bad: '#b3322b', good: '#1b7a4d', attention: '#8f5b00', plain: '#2b6599' } as const;
const darkColours = { bad: '#ff9a92', good: '#6fd6a3', attention: '#f0bd62', plain: '#8dbdea' } as const;

const sans = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/**
 * The mail as HTML: tables and inline styles, as mail programs want it, nothing loaded from anywhere. Programs that
 * know dark pages get one by the reader's preference; those that turn colours around find none that break.
 */
export function htmlOf(notice: Notice): string {
  const { sign, word, mood } = signOf(notice);
  const colour = colours[mood];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${text(notice.title)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #14171a !important; }
  .card { background: #1d2125 !important; border-color: #343a40 !important; }
  .strong { color: #f1f3f5 !important; }
  .body { color: #d5dade !important; }
  .soft { color: #9aa4ad !important; }
  .code { background: #14171a !important; border-color: #343a40 !important; color: #e3e7ea !important; }
  .mood { color: ${darkColours[mood]} !important; }
  .edge { border-left-color: ${darkColours[mood]} !important; }
  .line { border-color: #343a40 !important; }
  .link { color: #7db4e8 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border:1px solid #dfe3e7;border-radius:8px;">
<tr><td style="padding:28px 32px 24px;font-family:${sans};">
<p class="mood" style="margin:0 0 6px;font-size:13px;line-height:18px;font-weight:600;color:${colour};">${text(sign)}&nbsp; ${text(word)}</p>
<h1 class="strong" style="margin:0 0 12px;font-size:20px;line-height:27px;font-weight:600;color:#1c2126;">${text(notice.title)}</h1>
${paragraphs(notice.text)}
${cellOf(notice)}${errorOf(notice, colour)}${checksOf(notice)}${messagesOf(notice)}${adviceOf(notice)}${linksOf(notice)}
<table role="presentation" class="line" width="100%" cellpadding="0" cellspacing="0" style="margin-top:22px;border-top:1px solid #e6e9ec;">
<tr><td colspan="2" style="height:12px;line-height:12px;">&nbsp;</td></tr>
${factsOf(notice)
  .map(([name, value]) => fact(name, value))
  .join('\n')}
</table>
</td></tr>
</table>
<p class="soft" style="margin:14px 0 0;font-family:${sans};font-size:12px;line-height:18px;color:#6b747c;">Sent by ${text(notice.owner)}’s schedule “${text(notice.schedule.name)}”. Who is told is set in the schedule.</p>
</td></tr>
</table>
</body>
</html>
`;
}

function paragraphs(words: string): string {
  const lines = words.split('\n').map(text).join('<br>');
  return `<p class="body" style="margin:0 0 16px;font-size:15px;line-height:23px;color:#363d44;">${lines}</p>`;
}

function cellOf({ cell }: Notice): string {
  if (!cell) return '';
  return `<p class="soft" style="margin:0 0 6px;font-size:13px;line-height:19px;color:#6b747c;">Cell ${cell.number}</p>
${block(text(cell.firstLine))}`;
}

function errorOf({ error }: Notice, colour: string): string {
  if (!error) return '';
  const lines = error.firstLine === error.lastLine ? [error.lastLine] : [error.firstLine, '…', error.lastLine];
  return block(lines.map(text).join('<br>'), `border-left:3px solid ${colour};`, ' edge');
}

function checksOf({ checks }: Notice): string {
  return checks.map(({ expression, value }) => block(`${text(expression)}<br>was ${text(value)}`)).join('');
}

function messagesOf({ messages, kind }: Notice): string {
  return kind === 'notify' ? '' : messages.map(message => paragraphs(`▸ ${message}`)).join('');
}

function adviceOf({ advice }: Notice): string {
  if (advice === '') return '';
  return `<p class="body" style="margin:0 0 16px;font-size:15px;line-height:23px;color:#363d44;"><strong class="strong" style="color:#1c2126;">What to do now.</strong> ${text(advice)}</p>`;
}

function linksOf({ links }: Notice): string {
  if (links.length === 0) return '';
  const each = links.map(
    ({ title, url }) =>
      `<a class="link" href="${text(url)}" style="color:#1f6fb2;font-weight:600;text-decoration:underline;">${text(title)}</a>`
  );
  return `<p class="body" style="margin:0;font-size:15px;line-height:23px;color:#363d44;">${each.join('&nbsp;&nbsp; · &nbsp;&nbsp;')}</p>`;
}

function block(html: string, more = '', names = ''): string {
  return `<div class="code${names}" style="margin:0 0 16px;padding:10px 12px;background:#f6f7f9;border:1px solid #e2e6ea;border-radius:4px;${more}font-family:${mono};font-size:13px;line-height:20px;color:#24292e;word-break:break-word;">${html}</div>
`;
}

function fact(name: string, value: string): string {
  const style = 'padding:2px 0;font-size:13px;line-height:19px;vertical-align:top;';
  return `<tr><td class="soft" width="110" style="${style}padding-right:14px;color:#6b747c;word-break:break-word;">${text(name)}</td><td class="body" style="${style}color:#363d44;word-break:break-word;">${text(value)}</td></tr>`;
}

/** Text in HTML, in an attribute too. */
function text(words: string): string {
  return words.toWellFormed().replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
