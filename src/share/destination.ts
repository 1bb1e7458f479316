import type { PublishRequest } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import { folderOf } from './placeMemory.js';
import type { IPlaceMemory } from './placeMemory.js';
import { PlaceModel, toPlace } from './placeModel.js';
import type { IPlace } from './placeModel.js';
import type { ShareModel } from './shareModel.js';
import { LIBRARY } from './targetsModel.js';

/** Where a notebook went, and where notebooks of its folder went last. */
export class Destination {
  constructor(private readonly _options: { api: ILakesideApi; share: ShareModel; places: IPlaceMemory }) {}

  /** The target to begin with: where it went last, else where its neighbours went. */
  get usual(): string {
    const published = this._options.share.state.known?.published;
    return published?.target ?? this._last?.target ?? LIBRARY;
  }

  /** Its page in a wiki, where it has one. */
  pageIn(target: string): { title: string; url: string } | undefined {
    const { known } = this._options.share.state;
    return known?.published?.wikis.find(each => each.target === target);
  }

  /** What can be chosen in a target: a page that is there stays where it is. */
  placeIn(target: string): PlaceModel | undefined {
    if (target === LIBRARY || this.pageIn(target)) return undefined;
    return new PlaceModel({ api: this._options.api, target, chosen: this._lastIn(target) });
  }

  /** Remembers a choice for the folder. */
  remember(target: string, place: PlaceModel | undefined): void {
    this._options.places.write(this._folder, { target, ...(place?.state ?? this._lastIn(target)) });
  }

  /** Where a page goes that takes the place of another one. */
  anotherIn(target: string, place: PlaceModel | undefined, title: string): PublishRequest['place'] {
    return toPlace(place?.state ?? this._lastIn(target), title);
  }

  private _lastIn(target: string): IPlace {
    const last = this._last;
    return last?.target === target ? { space: last.space, parent: last.parent } : {};
  }

  private get _last() {
    return this._options.places.read(this._folder);
  }

  private get _folder(): string {
    return folderOf(this._options.share.source.path);
  }
}
