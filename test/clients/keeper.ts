/** Vendors of sound with APIs of their own, each with its own place for the key. */
const soundVendor = async (request: Request, kind: 'text-to-speech' | 'listen'): Promise<Response> => {
  const given = kind === 'listen' ? request.headers.get('authorization') : `Token ${request.headers.get('xi-api-key')}`;
  if (given !== 'Token sk-keeper') return Response.json({ message: `not the provider's key` }, { status: 401 });
  if (kind === 'text-to-speech') {
    const { text } = (await request.json()) as { text: string };
    return new Response(`sound of ${text}`, { headers: { 'content-type': 'audio/mpeg' } });
  }
  const transcript = `A recording of ${(await request.arrayBuffer()).byteLength} bytes.`;
  return Response.json({
    metadata: { request_id: 'r', sha256: '', created: '2026-01-01T00:00:00Z', duration: 1, channels: 1, models: ['m'], model_info: {} },
    results: { channels: [{ alternatives: [{ transcript, confidence: 1, words: [] }] }] },
  });
};

/** A provider of OpenAI's format that keeps what it is given, and tells it. */
export const startKeeper = () => {
  const files = new Map<
    string,
    { id: string; object: 'file'; purpose: string; filename: string; bytes: number; content: string; [other: string]: unknown }
  >();
  const batches = new Map<string, object>();
  const stores = new Map<string, { id: string; object: 'vector_store'; created_at: number; name?: string; metadata?: object }>();
  const keepStore = async (request: Request, id: string | undefined, rest: string | undefined): Promise<Response> => {
    const body = request.method === 'POST' ? ((await request.json()) as { name?: string; query?: string; file_id?: string }) : {};
    if (id === undefined) {
      if (request.method === 'GET') return Response.json({ object: 'list', data: [...stores.values()], has_more: false });
      const made = { object: 'vector_store' as const, created_at: 1, ...body, id: `vs_${stores.size + 1}` };
      stores.set(made.id, made);
      return Response.json(made);
    }
    const store = stores.get(id);
    if (!store) return Response.json({ error: { message: `there is no ${id}` } }, { status: 404 });
    if (rest === 'search') {
      const found = { file_id: 'file-1', filename: 'a.txt', score: 0.9, content: [{ type: 'text', text: `about ${body.query}` }] };
      return Response.json({ object: 'vector_store.search_results.page', search_query: [body.query], data: [found], has_more: false });
    }
    if (rest === 'files')
      return Response.json({ id: body.file_id, object: 'vector_store.file', created_at: 1, vector_store_id: id, status: 'completed' });
    if (request.method === 'DELETE') return Response.json({ id, object: 'vector_store.deleted', deleted: stores.delete(id) });
    if (request.method === 'POST') stores.set(id, { ...store, ...body });
    return Response.json(stores.get(id));
  };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const [, , kind, id, rest] = pathname.split('/');
      if (kind === 'text-to-speech' || kind === 'listen') return soundVendor(request, kind);
      if (kind === 'files' && request.method === 'POST') {
        const form = await request.formData();
        const file = form.get('file') as File;
        const content = await file.text();
        const kept = {
          id: `file-${files.size + 1}`,
          object: 'file' as const,
          purpose: String(form.get('purpose')),
          filename: file.name,
          bytes: file.size,
          created_at: 1,
          // Mistral's.
          sample_type: 'instruct',
          source: 'upload',
          deleted: false,
          content,
        };
        files.set(kept.id, kept);
        return Response.json(kept);
      }
      const file = files.get(id ?? '');
      if (kind === 'vector_stores') return keepStore(request, id, rest);
      if (kind === 'files' && id === undefined) return Response.json({ object: 'list', data: [...files.values()], has_more: false });
      if (kind === 'files' && rest === 'content')
        return new Response(file!.content, { headers: { 'content-type': 'application/octet-stream' } });
      if (kind === 'files' && request.method === 'DELETE') return Response.json({ id, object: 'file', deleted: files.delete(id!) });
      if (kind === 'files' && file) return Response.json(file);
      if (kind === 'batches' && id === undefined && request.method === 'POST') {
        const made = { id: `batch_${batches.size + 1}`, object: 'batch', status: 'validating', ...((await request.json()) as object) };
        batches.set(made.id, made);
        return Response.json(made);
      }
      if (kind === 'batches' && rest === 'cancel') return Response.json({ ...batches.get(id!), status: 'cancelling' });
      if (kind === 'batches' && id !== undefined) return Response.json(batches.get(id));
      const ofKeeper = rest === 'msgbatch_1' || (await request.text()).includes('"model":"claude-opus-4-5"');
      if (kind === 'messages' && id === 'batches' && ofKeeper)
        return Response.json({ id: 'msgbatch_1', type: 'message_batch', processing_status: 'in_progress' });
      return Response.json({ error: { message: `nothing at ${pathname}` } }, { status: 404 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
};
