/** What a file of the person's own clone becomes in the branch. */
export interface ProposedFile {
  /** From the top of the clone, with `/`. */
  path: string;
  /** Where it lies now, absolute. */
  file: string;
}

/** A branch of a remote, and its newest commit. */
export interface Branch {
  name: string;
  commit: string;
}

/**
 * The clone that files lie in, by the person's own git: their identity, their keys, their hooks. Its index, its branches
 * and its files stay as they are.
 */
export interface Repository {
  /** Its folder, real path. */
  top: string;
  /** @throws ProblemError `not-found` naming the remotes there are */
  address(remote: string): Promise<string>;
  /** The branch to propose to, fetched; the one that the remote names where none is given. @throws ProblemError */
  base(remote: string, branch: string | undefined): Promise<Branch>;
  /** The newest commit of a branch of the remote; undefined where there is no such branch. */
  tip(remote: string, branch: string): Promise<string | undefined>;
  /** A tree that is the base's with these files in it, and which of them differ. */
  tree(base: string, files: readonly ProposedFile[]): Promise<{ tree: string; changed: string[] }>;
  commit(tree: string, parent: string, message: string): Promise<string>;
  /**
   * Makes a branch of the remote. Options that the remote does not take are left out.
   *
   * @returns what the remote said
   * @throws ProblemError with the words of the remote
   */
  push(remote: string, commit: string, branch: string, options: readonly string[]): Promise<string>;
}

/** A place of code that takes requests to merge over an API, for one repository. */
export interface Forge {
  /**
   * Opens a request to merge; one that is open for the branch stands for it.
   *
   * @returns its address
   * @throws ProblemError which says what keeps it from being opened
   */
  open(request: { title: string; body: string; head: string; base: string }): Promise<string>;
}
