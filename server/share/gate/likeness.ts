/** Tells a secret from words, placeholders, names and hashes, as far as a text by itself can tell. */

const PLACEHOLDER_WORDS = new Set(
  `access account admin anonymous api apikey auth bearer bool boolean bytes changeme change_me client column config credential credentials
   default demo dummy email empty enter example fake false field file foo foobar guest hidden hash header id input integer key label login
   masked missing mock name nan nil no none null number object optional pass passphrase passwd password path private prompt pwd
   redacted removed required sample secret secretkey secret_key select session sha256 sign str string test testing text todo token tokens true
   type undefined unknown unset user username user_name value values variable xxx yes your`
    .split(/\s+/)
    .filter(Boolean)
);

/** A text that stands for a secret: a variable, a template, stars, "your-password-here". */
export function isPlaceholder(value: string): boolean {
  const lower = value.toLowerCase();
  if (PLACEHOLDER_WORDS.has(lower)) return true;
  // One character again and again: stars, dots, x, and our own mark.
  if (/^(.)\1*$/u.test(value) || /^[\s*•.…█x_-]+$/iu.test(value)) return true;
  if (/\*{3}|…|\.{3}|█{3}|x{4}/iu.test(value)) return true;
  if (/^[<[{(%$].*[>\]})%]$/.test(value) || /\$\{|\{\{|\$\(|<[a-z][\w -]*>|%\(\w+\)s|^\$\w+$|^\{[^}]*\}/i.test(value))
    return true;
  // The keys of Amazon's own documentation.
  if (/EXAMPLE(?:KEY)?$/.test(value)) return true;
  if (/^%?[sd]$|^:\w+$|^\?$|^@\w+$/.test(value)) return true;
  return /(?:^|[^a-z])(?:your|example|placeholder|dummy|redacted|changeme|insert|replace)(?:[^a-z]|$)/.test(lower);
}

/** Letters and digits or signs together, as passwords have and words do not. */
export function isMixed(value: string): boolean {
  const classes =
    Number(/[a-z]/.test(value)) +
    Number(/[A-Z]/.test(value)) +
    Number(/\d/.test(value)) +
    Number(/[^A-Za-z\d\s]/.test(value));
  return classes >= 2 && /\d|[^A-Za-z\d\s_.,:;'"()/-]/.test(value) && /[A-Za-z]/.test(value);
}

/** A path, an address, a date, a version, a call, or words joined by dashes: nothing that is typed as a password. */
export function isStructured(value: string): boolean {
  if (/^(?:[A-Za-z]:\\|[a-z][a-z0-9+.-]*:\/\/)/.test(value)) return true;
  if (/^(?:\.{0,2}|~)\//.test(value)) return value.split('/').every(isName);
  if (/^\d[\d.,:/ T-]*Z?$/.test(value)) return true;
  if (/^v?\d+(?:\.\d+)+[\w.+-]*$/.test(value)) return true;
  if (/^[\w.]+\(.*\)?$/.test(value) || /^[a-z_]\w*(?:\.[a-z_]\w*)+$/i.test(value)) return true;
  return /^(?:[A-Z]?[a-z]{1,19}|[A-Z]{1,19})(?:[-_/.:](?:[A-Z]?[a-z]{1,19}|[A-Z]{1,19}|[a-z]?\d{1,4}[a-z]?))+$/.test(
    value
  );
}

/** A part of a path, which a file would be called: not a long one of letters of both kinds and digits. */
function isName(part: string): boolean {
  return part.length < 16 || !(/[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part));
}

/** A UUID. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}

/** Shannon entropy in bits per character. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** A long text without sense: made by a machine, not written by a person. */
export function isRandom(value: string, minimum = 16): boolean {
  if (value.length < minimum || /\s/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value))
    return value.length >= 24 && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropy(value) >= 4;
  return !isStructured(value) && entropy(value) >= 3;
}
