/** What sharing needs from a wiki. A wiki of any make joins Lakeside by implementing `WikiTarget`. Types only. */

/** The language in which pages of a wiki are written. Each has an emitter in render/. */
export type WikiDialect = 'mediawiki' | 'commonmark' | 'dokuwiki' | 'confluence';

/** The kinds of pictures a notebook holds. */
export type WikiPicture = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';

/** What a wiki can do, as it says itself. The emitter and the share go by this alone, never by the make of the wiki. */
export interface WikiFeatures {
  dialect: WikiDialect;
  /** `native`: the wiki sets formulas. `source`: it cannot, so their LaTeX is shown. */
  maths: 'native' | 'source';
  /** Whether parts of a page can be folded away. */
  collapsible: boolean;
  /** Whether code gets colours by its language. */
  highlights: boolean;
  /** What the wiki calls the languages that it colours, by the names that highlighters use; absent: as its dialect does. */
  languages?: Readonly<Record<string, string>>;
  /** Pictures of other kinds are drawn anew as PNG, or named where that is impossible. */
  pictures: readonly WikiPicture[];
  /** Whose the names of attachments are: the whole wiki's, or each page's own. Names tell the content either way. */
  attachments: 'wiki' | 'page';
  /** Where they lie, as pages name it, in front of their names. DokuWiki's namespace, a git wiki's folder. */
  attachmentsAt?: string | undefined;
  /** Whether pages lie in spaces (namespaces, folders) and below other pages. */
  spaces: boolean;
  parents: boolean;
  /** Whether pages carry tags (categories, labels) in their text. */
  tags: boolean;
  /**
   * What `write` does where somebody changed the page since `base`.
   * `exact`: it is refused, by the wiki itself. `merging`: the wiki joins both changes where they do not touch, else it
   * is refused. `checked`: the adapter looks first, so that an edit within the same moment could be missed.
   */
  compareAndSet: 'exact' | 'merging' | 'checked';
  /** In bytes. */
  maxBodyBytes: number;
  maxAttachmentBytes: number;
}

/** What signing in and looking around found out. */
export interface WikiStanding {
  features: WikiFeatures;
  /** As whom Lakeside works there. */
  account: string;
  /** Name and version of the software, for the doctor: `MediaWiki 1.39.17`. */
  software: string;
  /** What the account may not do and sharing needs, each as a sentence with its cure. Empty where all is well. */
  lacks: string[];
  /** The space of a page for which nobody chose a place; absent where the wiki does not say. */
  home?: WikiSpace | undefined;
}

/** A space of a wiki. */
export interface WikiSpace {
  id: string;
  name: string;
}

/** A page as searches find it. */
export interface WikiPageRef {
  id: string;
  title: string;
  space: string;
  /** Where a person reads it; absolute. */
  url: string;
}

/** A page as it is now. */
export interface WikiPage extends WikiPageRef {
  /** Names this state of the page; the base of the next write. */
  version: string;
  body: string;
  /** Who made this version and when (ISO 8601), where the wiki says. */
  editor?: string;
  editedAt?: string;
}

/** A file to lie beside a page. Its name tells its content, so what is there under that name never changes. */
export interface WikiAttachment {
  name: string;
  type: WikiPicture;
  sha256: string;
  /** Bytes of the file. */
  size: number;
  file: string;
}

/** A page to be made. */
export interface WikiNewPage {
  /** What a person calls it. The wiki may not take every character; the page that is made says its real title. */
  title: string;
  /** Where it goes; without them where the target's settings say. */
  space?: string | undefined;
  /** Id of the page it stands below. */
  parent?: string | undefined;
  body: string;
  /** A sentence for the page's history. */
  summary: string;
}

/** Where a page that carries a marker was last seen: asked first, so that most searches are one look. */
export interface WikiHint {
  pageId?: string | undefined;
  title?: string | undefined;
  space?: string | undefined;
  parent?: string | undefined;
}

/** Goes with every call. */
export interface WikiCall {
  signal?: AbortSignal | undefined;
  /** The person for whom it is done, for wikis whose history can name them beside Lakeside. */
  author?: string | undefined;
}

/**
 * A wiki to which notebooks are shared.
 *
 * Every method may throw ProblemError, each sentence naming the wiki, the reason and the cure: `target-signin` (401, a
 * sign-in page), `target-forbidden` (403), `target-not-found` (404), `target-conflict` (409, 412), `target-too-large`
 * (413), `target-busy` (429, 503; with `retryAfter` where the wiki says when), `target-failed` (any other 5xx, answers
 * that cannot be read), `target-unreachable` (no connection, reset, silence), `cancelled`.
 * A write that failed may have happened: the caller reads before it writes again.
 */
export interface WikiTarget {
  /** Signs in and finds out what the wiki can do and what the account may do. Writes nothing. */
  check(call?: WikiCall): Promise<WikiStanding>;
  /** Spaces in which pages can be made, best first, at most 50. An empty query gives the usual ones. */
  spaces(query: string, call?: WikiCall): Promise<WikiSpace[]>;
  /** Pages that could be the parent of another one, best first, at most 50. */
  parents(query: string, options: { space?: string | undefined }, call?: WikiCall): Promise<WikiPageRef[]>;
  /**
   * The pages whose text holds a marker now, wherever they were moved to. More than one where somebody copied a page.
   * A page made a moment ago is found through its hint at least.
   */
  find(marker: string, hint: WikiHint, call?: WikiCall): Promise<WikiPage[]>;
  /** A page as it is now; undefined where there is none (any more). */
  read(pageId: string, call?: WikiCall): Promise<WikiPage | undefined>;
  /** Makes a page. @throws ProblemError `target-conflict` where there is one of this title */
  create(page: WikiNewPage, call?: WikiCall): Promise<WikiPage>;
  /** Of some attachments those that the wiki does not hold yet with these bytes. */
  missing(pageId: string, attachments: readonly WikiAttachment[], call?: WikiCall): Promise<WikiAttachment[]>;
  /** Stores an attachment. One that is there already is no error. */
  upload(pageId: string, attachment: WikiAttachment, call?: WikiCall): Promise<void>;
  /**
   * Writes the whole text of a page that is at version `base`.
   *
   * @returns the page as this left it, or as it is now
   * @throws ProblemError `target-conflict` where it has another version by now, `target-not-found` where it was deleted
   */
  write(pageId: string, change: { base: string; body: string; summary: string }, call?: WikiCall): Promise<WikiPage>;
  /**
   * The same with attachments, as one change: for wikis with one history for both. Where it is absent, attachments are
   * uploaded first.
   */
  writeWith?(
    pageId: string,
    change: { base: string; body: string; summary: string; attachments: readonly WikiAttachment[] },
    call?: WikiCall
  ): Promise<WikiPage>;
  close(): Promise<void>;
}

/** What a page needs to know beside the notebook. */
export interface WikiPageOptions {
  features: WikiFeatures;
  /** The id in the marks of the managed region. */
  marker: string;
  title?: string | undefined;
  hideCode: boolean;
  tags: readonly string[];
  /** Absolute addresses; left out where Lakeside does not know under which address people reach it. */
  links: { version?: string | undefined; copy?: string | undefined };
}

/** A notebook as a page of a wiki. */
export interface WikiRendering {
  /** The managed region with its marks, UTF-8: `page.txt`. */
  file: string;
  /** Bytes and hash of it. */
  size: number;
  sha256: string;
  attachments: WikiAttachment[];
  /** Sentences on what was cut or replaced. */
  notes: string[];
}

/** What may go to a wiki, as its operator decided. */
export interface WikiPolicy {
  /** Ids of the spaces in which pages may be made and kept; `*` stands for any characters. Absent: all. */
  spaces?: readonly string[] | undefined;
  /** `block`: nothing is shared while the notebook holds what looks like a secret. `warn`: it is redacted, and told. */
  secrets: 'warn' | 'block';
}

/** A wiki of the configuration, as people choose it. */
export interface WikiEntry {
  /** The name it has in the configuration. */
  id: string;
  /** Its make, as the configuration names it. */
  kind: string;
  label: string;
  description: string;
  /** Absent: anything may go there. */
  policy?: WikiPolicy | undefined;
}

/** The wikis of the configuration. Each is made when it is first used. */
export interface Wikis {
  list(): readonly WikiEntry[];
  /** @throws ProblemError `not-found`; `invalid` where its settings or secrets are not right */
  open(id: string): Promise<WikiTarget>;
}
