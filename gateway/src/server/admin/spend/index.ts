import type { AdminRoute } from '../admin-route.ts';
import { atOnce } from '../at-once.ts';
import {
  agentActivity,
  aggregatedActivity,
  customerActivity,
  organizationActivity,
  projectActivity,
  tagActivity,
  teamActivity,
  userActivity,
  userAgentActivity,
} from './activity.ts';
import { calculateSpend, estimateCost } from './cost.ts';
import { exportDays, exportLogs } from './export.ts';
import { facetRoutes } from './facets.ts';
import { globalActivity, globalCacheHits, globalDeploymentExceptions, globalExceptions, globalModelActivity } from './global-activity.ts';
import {
  globalCustomerNames,
  globalCustomers,
  globalDays,
  globalKeys,
  globalModels,
  globalProviders,
  globalRefresh,
  globalReset,
  globalSpend,
  globalTagNames,
  globalTags,
} from './global.ts';
import { globalTeams } from './global-teams.ts';
import { legacyLogs, oneLog, pageLogs, sessionLogs } from './logs.ts';
import { modelExceptions, modelMetrics, slowResponses, streamingMetrics } from './model-metrics.ts';
import { providerBudgetsRoute } from './provider-budgets.ts';
import { spendReport } from './report.ts';
import { dailyUsers, monthlyUsers, perUserAnalytics, tagSummary, weeklyUsers } from './tag-analytics.ts';
import { keysSpend, tagsSpend, usersSpend } from './totals.ts';

/** A page with many charts asks for fewer. */
const mostAtOnce = 16;

export const spendRoutes: readonly AdminRoute[] = atOnce(mostAtOnce, [
  legacyLogs,
  pageLogs,
  oneLog,
  sessionLogs,
  exportLogs,
  exportDays,
  keysSpend,
  usersSpend,
  tagsSpend,
  calculateSpend,
  estimateCost,
  globalSpend,
  globalDays,
  globalKeys,
  globalTeams,
  globalCustomers,
  globalCustomerNames,
  globalModels,
  globalProviders,
  globalTags,
  globalTagNames,
  globalRefresh,
  globalReset,
  spendReport,
  globalActivity,
  globalModelActivity,
  globalCacheHits,
  globalExceptions,
  globalDeploymentExceptions,
  modelMetrics,
  streamingMetrics,
  slowResponses,
  modelExceptions,
  userActivity,
  aggregatedActivity,
  teamActivity,
  organizationActivity,
  projectActivity,
  customerActivity,
  tagActivity,
  agentActivity,
  userAgentActivity,
  dailyUsers,
  weeklyUsers,
  monthlyUsers,
  tagSummary,
  perUserAnalytics,
  providerBudgetsRoute,
  ...facetRoutes,
]);
