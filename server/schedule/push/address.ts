/** Where a remote's repository is on a forge. */
export interface ForgePlace {
  /** With the port, where it is not the usual one. */
  host: string;
  /** `https:` but for `http:` remotes. */
  scheme: 'https:' | 'http:';
  /** `owner/name`, or more parts on GitLab. */
  path: string;
}

/** Reads the address of a remote, as git takes it; undefined for folders of this machine and what is no address. */
export function readAddress(address: string): ForgePlace | undefined {
  const short = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)\/?(\S+)$/.exec(address);
  if (short !== null) return placeOf(short[1] ?? '', 'https:', short[2] ?? '');
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return placeOf(url.host, url.protocol, url.pathname);
  // The port of SSH says nothing about that of the web.
  return url.protocol === 'ssh:' ? placeOf(url.hostname, 'https:', url.pathname) : undefined;
}

function placeOf(host: string, scheme: ForgePlace['scheme'], given: string): ForgePlace | undefined {
  const path = given.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  const isWhole = /^[\w.~-]+(\/[\w.~-]+)+$/.test(path) && !path.split('/').includes('..');
  return isWhole ? { host: host.toLowerCase(), scheme, path } : undefined;
}

/** The makes of forges that are known, and `other`, which is pushed to and no more. */
export const forgeNames = ['github', 'gitlab', 'other'] as const;
export type ForgeName = (typeof forgeNames)[number];

/** The make of a forge by its host's name. @param githubHost - the host of a GitHub of the organisation */
export function forgeOf(place: ForgePlace | undefined, githubHost: string | undefined): ForgeName {
  if (place === undefined) return 'other';
  if (place.host === 'github.com' || place.host === githubHost?.toLowerCase()) return 'github';
  return /(^|[.-])gitlab[.-]/.test(place.host) ? 'gitlab' : 'other';
}

/** The page where a person opens the request by hand. */
export function pageFor(forge: ForgeName, place: ForgePlace, head: string, base: string): string | undefined {
  const web = `${place.scheme}//${place.host}/${place.path}`;
  const branch = (name: string): string => name.split('/').map(encodeURIComponent).join('/');
  if (forge === 'github') return `${web}/compare/${branch(base)}...${branch(head)}?expand=1`;
  if (forge !== 'gitlab') return undefined;
  const query = new URLSearchParams({
    'merge_request[source_branch]': head,
    'merge_request[target_branch]': base
  });
  return `${web}/-/merge_requests/new?${query.toString()}`;
}

/** The address in what a forge says to a push: of the request it opened, or of the page to open one. */
export function addressIn(said: string): string | undefined {
  const lines = said.split('\n').filter(line => line.startsWith('remote:'));
  const found = lines.flatMap(line => line.match(/https?:\/\/[^\s<>"']+/g) ?? []);
  return found.find(url => /merge_requests|\/pulls?\/|\/compare\//.test(url)) ?? found[0];
}
