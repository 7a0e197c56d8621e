import type { JsonObject } from '../../types/index.ts';

interface FileCounts {
  in_progress: number;
  completed: number;
  failed: number;
}

/** OpenAI's vector store object (openai/openai-openapi, read 2026-11-22). Times are Unix seconds. */
export const storeObject = (store: {
  id: string;
  name: string | undefined;
  createdAt: number | undefined;
  lastActiveAt?: number | undefined;
  bytes?: number;
  files?: FileCounts;
  metadata?: unknown;
}): JsonObject => {
  const { in_progress, completed, failed } = store.files ?? { in_progress: 0, completed: 0, failed: 0 };
  return {
    id: store.id,
    object: 'vector_store',
    created_at: store.createdAt ?? 0,
    name: store.name ?? '',
    usage_bytes: store.bytes ?? 0,
    file_counts: { in_progress, completed, failed, cancelled: 0, total: in_progress + completed + failed },
    status: in_progress > 0 ? 'in_progress' : 'completed',
    expires_after: null,
    expires_at: null,
    last_active_at: store.lastActiveAt ?? null,
    metadata: store.metadata ?? null,
  };
};

export const deletedStore = (id: string): JsonObject => ({ id, object: 'vector_store.deleted', deleted: true });

export const storeFileObject = (file: {
  id: string;
  storeId: string;
  createdAt: number | undefined;
  bytes?: number;
  status: 'in_progress' | 'completed' | 'failed';
  /** Why it failed, in the vendor's words. */
  error?: string | undefined;
  attributes?: unknown;
}): JsonObject => ({
  id: file.id,
  object: 'vector_store.file',
  usage_bytes: file.bytes ?? 0,
  created_at: file.createdAt ?? 0,
  vector_store_id: file.storeId,
  status: file.status,
  last_error: file.status === 'failed' ? { code: 'server_error', message: file.error ?? 'The file could not be read.' } : null,
  attributes: file.attributes ?? null,
});

export const deletedStoreFile = (id: string): JsonObject => ({ id, object: 'vector_store.file.deleted', deleted: true });
