import type { PublishRequest } from '../../contract/share/publish.js';
import { targetRoutes } from '../../contract/share/targets.js';
import type { TargetPage, TargetSpace } from '../../contract/share/targets.js';
import type { ILakesideApi } from '../tokens.js';
import { StateModel } from '../stateModel.js';
import { SearchModel } from './searchModel.js';

/** Where in a wiki a new page goes. What is not chosen is left to the settings of the wiki. */
export interface IPlace {
  readonly space?: TargetSpace;
  readonly parent?: Pick<TargetPage, 'id' | 'title' | 'space'>;
}

/** Where in one wiki a new page goes, and what there is to choose from. */
export class PlaceModel extends StateModel<IPlace> {
  constructor(options: { api: ILakesideApi; target: string; chosen: IPlace }) {
    super(options.chosen);
    const { api, target: targetId } = options;
    const params = { targetId };
    this.spaces = new SearchModel(async (query, signal) => {
      const client = await api.client();
      return (await client.call(targetRoutes.spaces, { params, query: { query } }, { signal })).spaces;
    });
    this.parents = new SearchModel(async (query, signal) => {
      const client = await api.client();
      const space = this.state.space?.id;
      const given = { query, ...(space !== undefined && { space }) };
      return (await client.call(targetRoutes.parents, { params, query: given }, { signal })).pages;
    });
    this.target = targetId;
  }

  readonly target: string;
  readonly spaces: SearchModel<TargetSpace>;
  readonly parents: SearchModel<TargetPage>;

  /** Takes another space; a parent in another one is let go. */
  chooseSpace(space: TargetSpace | undefined): void {
    const { parent } = this.state;
    const stays = space === undefined || parent?.space === space.id;
    this.setState({ space, ...(!stays && { parent: undefined }) });
  }

  chooseParent(parent: IPlace['parent']): void {
    this.setState({ parent });
  }

  override dispose(): void {
    this.spaces.dispose();
    this.parents.dispose();
    super.dispose();
  }
}

/** A place as the server takes it; undefined where nothing was chosen. */
export function toPlace({ space, parent }: IPlace, title?: string): PublishRequest['place'] {
  const place = {
    ...(space && { space: space.id }),
    ...(parent && { parent: parent.id }),
    ...(title !== undefined && { title })
  };
  return Object.keys(place).length === 0 ? undefined : place;
}
