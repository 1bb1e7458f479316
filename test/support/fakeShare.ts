import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Provenance } from '../../contract/share/index.js';
import { Publisher } from '../../src/share/publisher.js';
import type { IPlaceMemory, IRememberedPlace } from '../../src/share/placeMemory.js';
import { RunningModel } from '../../src/share/runningModel.js';
import type { IRemembered } from '../../src/share/runningModel.js';
import { ShareModel } from '../../src/share/shareModel.js';
import type { IVisibility } from '../../src/share/shareModel.js';
import type { IShareSource, SourceChange } from '../../src/share/source/types.js';
import type { ILakesideApi, ILakesideChange } from '../../src/tokens.js';
import { systemRoutes } from '../../contract/system.js';
import { FakeLakeside, fakeId } from './fakeLakeside.js';

/** A notebook open in a panel, whose file lies in a `FakeLakeside`. */
export class FakeSource implements IShareSource {
  constructor(lakeside: FakeLakeside, path = 'a.ipynb', content = 'one') {
    this._lakeside = lakeside;
    this.path = path;
    this._screen = content;
    lakeside.files.set(path, { content });
  }

  path: string;
  dirty = false;
  writable = true;
  remote = false;
  revision = 0;
  isDisposed = false;
  suggestedTitle: string | undefined = 'Delays';
  saves = 0;
  saveError: Error | undefined;
  provenance: Provenance = {};
  readonly changed: ISignal<this, SourceChange> = new Signal<this, SourceChange>(this);

  get fileName(): string {
    return this.path.split('/').at(-1) ?? '';
  }

  get metadataId(): string | undefined {
    return this._id;
  }

  /** Changes the notebook on the screen. */
  edit(content: string): void {
    this._screen = content;
    this.dirty = true;
    this.revision += 1;
    this.emit('content');
  }

  /** Renames the file, as Jupyter reports it to Lakeside. */
  rename(path: string): void {
    const { files, bindings } = this._lakeside;
    files.set(path, files.get(this.path)!);
    files.delete(this.path);
    const id = bindings.get(this.path);
    if (id !== undefined) bindings.set(path, id);
    bindings.delete(this.path);
    this.path = path;
    this.emit('path');
  }

  emit(change: SourceChange): void {
    (this.changed as Signal<this, SourceChange>).emit(change);
  }

  content(): Promise<string> {
    return Promise.resolve(this._screen);
  }

  adopt(notebookId: string): boolean {
    if (this._id === notebookId) return false;
    this._id = notebookId;
    this.dirty = true;
    return true;
  }

  async save(): Promise<void> {
    if (this.saveError) throw this.saveError;
    this.saves += 1;
    this.dirty = false;
    this._lakeside.files.set(this.path, { content: this._screen, metadataId: this._id });
    this.emit('saved');
  }

  facts(): Promise<Provenance> {
    return Promise.resolve(this.provenance);
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** Gives the open notebook an id, as a copied file has it. */
  setId(id: string): void {
    this._id = id;
    this._lakeside.files.set(this.path, { content: this._screen, metadataId: id });
  }

  private readonly _lakeside: FakeLakeside;
  private _screen: string;
  private _id: string | undefined;
}

/** The way to a `FakeLakeside`. */
export class FakeApi implements ILakesideApi {
  constructor(readonly lakeside: FakeLakeside) {}
  readonly baseUrl = 'http://localhost/lakeside/';
  readonly changes: ILakesideChange[] = [];
  readonly changed: Signal<ILakesideApi, ILakesideChange> = new Signal<ILakesideApi, ILakesideChange>(this);
  client = () => Promise.resolve(this.lakeside.client);
  background = () => Promise.resolve(this.lakeside.client);
  status = () => this.lakeside.client.call(systemRoutes.status, {});
  address = (page: string) => this.baseUrl + page;
  announce(change: ILakesideChange): void {
    this.changes.push(change);
    this.changed.emit(change);
  }
}

/** Whether anybody looks at the tab. */
export class FakeVisibility implements IVisibility {
  hidden = false;
  readonly changed: Signal<IVisibility, void> = new Signal<IVisibility, void>(this);
  show(): void {
    this.hidden = false;
    this.changed.emit();
  }
}

/** Everything a share needs, in memory. */
export function setUp(options: { path?: string; content?: string } = {}) {
  const lakeside = new FakeLakeside();
  const api = new FakeApi(lakeside);
  const source = new FakeSource(lakeside, options.path, options.content);
  const visibility = new FakeVisibility();
  const clock = { time: 1_000_000 };
  const now = () => clock.time;
  const remembered: { jobs: IRemembered[] } = { jobs: [] };
  const memory = { read: () => remembered.jobs, write: (jobs: IRemembered[]) => (remembered.jobs = jobs) };
  const folders = new Map<string, IRememberedPlace>();
  const places: IPlaceMemory = {
    read: folder => folders.get(folder),
    write: (folder, place) => void folders.set(folder, place)
  };
  const running = new RunningModel({ api, memory, now });
  let ids = 500;
  const publisher = new Publisher({
    api,
    now,
    newId: () => fakeId(++ids),
    wait: () => Promise.resolve(),
    onStart: (id, of) => running.expect(id, of.fileName),
    onJob: (job, of) => running.add(job, of.fileName)
  });
  const model = new ShareModel({ api, source, publisher, visibility, now });
  return {
    lakeside,
    api,
    source,
    visibility,
    clock,
    running,
    remembered,
    memory,
    folders,
    places,
    now,
    publisher,
    model
  };
}
