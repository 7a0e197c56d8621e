/** Where jobs wait and are looked at (fal.ai/docs/model-endpoints/queue, read 2026-11-22). */
export const queueHost = 'queue.fal.run';
