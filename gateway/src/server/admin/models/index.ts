import type { AdminRoute } from '../admin-route.ts';
import { blockModel, unblockModel } from './block.ts';
import { createGroup, deleteGroup, groupInfo, listGroups, updateGroup } from './groups.ts';
import { listModels } from './list.ts';
import { makePublic, modelHub } from './public.ts';
import { modelSettings } from './settings.ts';
import { createModel, deleteModel, patchModel, updateModel } from './write.ts';

export const modelsRoutes: readonly AdminRoute[] = [
  createModel,
  updateModel,
  patchModel,
  deleteModel,
  blockModel,
  unblockModel,
  listModels,
  createGroup,
  updateGroup,
  deleteGroup,
  listGroups,
  groupInfo,
  makePublic,
  modelHub,
  modelSettings,
];
