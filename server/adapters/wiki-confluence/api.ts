import type { WikiAttachment, WikiCall, WikiFeatures, WikiPageRef } from '../../share/wiki/ports.js';

/** A page as either interface of Confluence gives it. */
export interface ConfluencePage extends WikiPageRef {
  number: number;
  /** In storage format, as Confluence wrote it. */
  body: string;
  labels: readonly string[];
  editor: string | undefined;
  editedAt: string | undefined;
}

export interface ConfluenceSpace {
  /** What the interface wants to hear of it; people know the key. */
  id: string;
  key: string;
  name: string;
  isPersonal: boolean;
  /** The page at the top of it. */
  homepage: string | undefined;
}

/** An attachment that is there. */
export interface HeldAttachment {
  id: string;
  name: string;
  size: number | undefined;
  comment: string;
}

/** What Cloud and Data Center both can do, each by its own interface. */
export interface ConfluenceApi {
  features: WikiFeatures;
  /** Name and version of the software. */
  software(call: WikiCall): Promise<string>;
  /** What the account may not do in a space, each as a sentence; empty where the interface does not tell. */
  lacks(space: ConfluenceSpace, account: string, call: WikiCall): Promise<string[]>;
  /** Spaces that the account sees, at most some hundreds. */
  spaces(call: WikiCall): Promise<ConfluenceSpace[]>;
  /** One space by its key; undefined where the account does not see it. */
  space(key: string, call: WikiCall): Promise<ConfluenceSpace | undefined>;
  /** A page that is neither in the trash nor in the archive. */
  page(id: string, call: WikiCall): Promise<ConfluencePage | undefined>;
  /** The id of the page of a title in a space. */
  idOf(title: string, space: ConfluenceSpace, call: WikiCall): Promise<string | undefined>;
  /** Makes a page and gives its id. */
  create(
    page: { title: string; space: ConfluenceSpace; parent: string | undefined; body: string; summary: string },
    call: WikiCall
  ): Promise<string>;
  /** Writes version `number` of a page. */
  update(
    page: { id: string; title: string; body: string; number: number; summary: string },
    call: WikiCall
  ): Promise<void>;
  attachments(pageId: string, call: WikiCall): Promise<HeldAttachment[]>;
}

/** What both say in the same words, the older interface. */
export interface CommonApi {
  /** As whom the token works. @throws ProblemError `target-signin` for nobody */
  account(call: WikiCall): Promise<string>;
  /** Pages that a query finds, as far as the index has got. */
  search(cql: string, limit: number, call: WikiCall): Promise<WikiPageRef[]>;
  label(pageId: string, name: string, call: WikiCall): Promise<void>;
  /** Adds a file, or a new version of the one that is there under its name. */
  upload(
    pageId: string,
    attachment: WikiAttachment,
    held: () => Promise<HeldAttachment[]>,
    call: WikiCall
  ): Promise<void>;
}
