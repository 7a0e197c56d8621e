import type { AdminRoute } from '../admin-route.ts';
import { distinctTags, listTags, tagInfo } from './read.ts';
import { createTag, deleteTag, updateTag } from './write.ts';

export const tagsRoutes: readonly AdminRoute[] = [createTag, updateTag, tagInfo, listTags, deleteTag, distinctTags];
