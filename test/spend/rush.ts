/** What became of calls that were made all at once. */
export interface Rush {
  readonly served: number;
  /** By status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Of the refused ones: the error's message, of one of them. */
  readonly refusal: string | undefined;
}

export interface RushOptions {
  readonly gateways: readonly string[];
  readonly key: string;
  readonly calls: number;
  readonly stream?: boolean;
  /** Every so many of the clients leaves in the middle of its answer. */
  readonly leaveEvery?: number;
  readonly body?: object;
}

/** Many calls at once, dealt to the gateways in turn. */
export const rush = async ({ gateways, key, calls, stream = false, leaveEvery = 0, body = {} }: RushOptions): Promise<Rush> => {
  const statuses: Record<number, number> = {};
  let refusal: string | undefined;
  const one = async (number: number): Promise<void> => {
    const leaving = new AbortController();
    const response = await fetch(`${gateways[number % gateways.length]}/v1/chat/completions`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: `r${number}`.padEnd(12) }],
        max_tokens: 7,
        ...(stream && { stream }),
        ...body,
      }),
    });
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    if (!response.ok) {
      refusal ??= ((await response.json()) as { error: { message: string } }).error.message;
      return;
    }
    if (leaveEvery > 0 && number % leaveEvery === 0) {
      await response.body!.getReader().read();
      leaving.abort();
    } else await response.text();
  };
  await Promise.all(Array.from({ length: calls }, (_, number) => one(number).catch(() => {})));
  return { served: statuses[200] ?? 0, statuses, refusal };
};
