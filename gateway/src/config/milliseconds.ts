/** LiteLLM's seconds. 0 means that none is set. */
export const milliseconds = (seconds: number | undefined): number | undefined => (seconds ? Math.round(seconds * 1000) : undefined);
