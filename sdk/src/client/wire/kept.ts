import type { FileInput } from './media.ts';

/*
 * What providers keep for their clients, in OpenAI's format (openai/openai-openapi, read 2026-11-22). Members that are not
 * named here go on and come back as they are.
 */

interface Open {
  [member: string]: unknown;
}

/** A page of a list. */
export interface Page<T> extends Open {
  object: 'list';
  data: T[];
  has_more?: boolean;
}

export interface PageParams {
  after?: string;
  limit?: number;
  order?: 'asc' | 'desc';
}

export interface FileParams {
  file: FileInput;
  purpose: 'batch' | 'fine-tune' | 'user_data' | 'assistants' | 'vision' | 'evals' | (string & {});
}

export interface FileObject extends Open {
  id: string;
  bytes?: number;
  filename?: string;
  purpose?: string;
  /** Unix seconds. */
  created_at?: number;
  status?: string;
}

export interface BatchParams {
  input_file_id: string;
  endpoint: string;
  completion_window: '24h' | (string & {});
  metadata?: { [name: string]: string };
}

export interface Batch extends Open {
  id: string;
  status: 'validating' | 'failed' | 'in_progress' | 'finalizing' | 'completed' | 'expired' | 'cancelling' | 'cancelled' | (string & {});
  input_file_id?: string;
  output_file_id?: string | null;
  error_file_id?: string | null;
  request_counts?: { total: number; completed: number; failed: number };
}

export interface FineTuningParams extends Open {
  model: string;
  training_file: string;
  validation_file?: string;
  suffix?: string;
}

export interface FineTuningJob extends Open {
  id: string;
  model?: string;
  fine_tuned_model?: string | null;
  status: string;
}

export interface VectorStoreParams extends Open {
  name?: string;
  file_ids?: string[];
}

export interface VectorStore extends Open {
  id: string;
  name?: string;
  status?: string;
}

export interface VectorStoreSearchParams extends Open {
  query: string | string[];
  /** 1 to 50. */
  max_num_results?: number;
  filters?: { [member: string]: unknown };
}

export interface VectorStoreSearchResults extends Open {
  data: {
    file_id?: string;
    filename?: string;
    score: number;
    attributes?: { [name: string]: unknown } | null;
    content: { type: string; text: string }[];
  }[];
}

export interface Deleted extends Open {
  id: string;
  deleted: boolean;
}
