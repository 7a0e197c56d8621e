/** Why tables of LiteLLM's are not carried, by their names. */
const history = 'histories of single calls and days are not carried; what was spent in all is';
const unbuilt = 'it is not built here';

export const notCarriedTables: Readonly<Record<string, string>> = {
  LiteLLM_SpendLogs: history,
  LiteLLM_ErrorLogs: history,
  ...Object.fromEntries(['User', 'Team', 'Organization', 'EndUser', 'Agent', 'Tag'].map((of) => [`LiteLLM_Daily${of}Spend`, history])),
  LiteLLM_AuditLog: 'its entries are not chained by hashes; keep the old database to read them',
  LiteLLM_DeletedVerificationToken: 'what was deleted there stays deleted',
  LiteLLM_DeletedTeamTable: 'what was deleted there stays deleted',
  LiteLLM_DeprecatedVerificationToken: 'keys that were rotated end with LiteLLM: rotate them before, or wait until they have ended',
  LiteLLM_InvitationLink: 'links lead to the old address: invite anew',
  LiteLLM_SSOConfig: 'set up single sign-on in the configuration file, or with /update/sso_settings',
  LiteLLM_UISettings: "it belongs to LiteLLM's pages",
  LiteLLM_UserNotifications: "it belongs to LiteLLM's pages",
  LiteLLM_CacheConfig: unbuilt,
  LiteLLM_MCPServerTable: unbuilt,
  LiteLLM_AgentsTable: unbuilt,
  LiteLLM_GuardrailsTable: unbuilt,
  LiteLLM_PolicyTable: unbuilt,
  LiteLLM_PolicyAttachmentTable: unbuilt,
  LiteLLM_PromptTable: unbuilt,
  LiteLLM_SearchToolsTable: 'search tools are in the configuration file here',
  LiteLLM_SkillsTable: unbuilt,
  LiteLLM_HealthCheckTable: 'health is looked at anew',
  LiteLLM_CronJob: "it is LiteLLM's own bookkeeping",
};
