const SPECIAL = /[&<>"']/;
const NAMES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, char => NAMES[char] as string) : text;
}

const DECEPTIVE = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

/**
 * Makes characters that turn the reading direction visible in escaped code and output: they can make code read
 * otherwise than it runs.
 */
export function revealDirection(html: string): string {
  if (!DECEPTIVE.test(html)) return html;
  return html.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, char => {
    const name = `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return `<span class="direction" title="A character that changes the reading direction">${name}</span>`;
  });
}
