/** What differs between two shells. */
export interface Shell {
  /** `<server>/lakeside`, or nothing: put before every address. */
  prefix: string;
  /** File names with their hashes. */
  script: string;
  style: string;
}

/** The page around everything the Library shows. Holds no data of anybody. */
export function shell({ prefix, script, style }: Shell): string {
  const base = escapeAttribute(prefix);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="lakeside-base" content="${base}">
<title>Lakeside Library</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/library/static/${escapeAttribute(style)}">
<script type="module" src="${base}/library/static/${escapeAttribute(script)}"></script>
</head>
<body>
<div id="library"></div>
<noscript>The Library needs JavaScript for its lists and buttons. Allow it for this address, then reload the page.</noscript>
</body>
</html>
`;
}

/**
 * The prefix a proxy names, where it is one: parts of a path, no empty ones (`//host` would lead elsewhere), no dots
 * that climb. Anything else counts as none.
 */
export function cleanPrefix(given: string | undefined): string {
  if (given === undefined || !/^(?:\/[\w.~@%+-]+)+$/.test(given)) return '';
  return given.split('/').some(part => /^(?:\.|%2e){1,2}$/i.test(part)) ? '' : given;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
