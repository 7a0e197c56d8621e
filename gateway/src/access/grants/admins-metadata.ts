type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** Members of metadata that say what a thing may use, so that only a proxy admin sets them. */
const ofProxyAdmins = ['priority', 'shadow_limits'] as const;
/** And those that bound a key's sessions: who does not administer it takes none of them away. */
const ofKeyAdmins = ['max_iterations', 'max_budget_per_session', 'require_trace_id_on_calls_by_agent'] as const;

const isSame = (name: string, before: Metadata, after: Metadata): boolean =>
  JSON.stringify(before?.[name] ?? null) === JSON.stringify(after?.[name] ?? null);

/** The first member that is a proxy admin's to set and is another one now. */
export const proxyAdminsMember = (before: Metadata, after: Metadata): string | undefined =>
  ofProxyAdmins.find((name) => !isSame(name, before, after));

/** The first bound of a key's sessions that was there and is another one now. */
export const keyAdminsMember = (before: Metadata, after: Metadata): string | undefined =>
  ofKeyAdmins.find((name) => before?.[name] != null && !isSame(name, before, after));
