export { createAlerts, type AlertLog, type Alerts } from './alerts.ts';
export type { AlertFacts, EventGroup } from './event.ts';
export { listAlerts, type ListedAlert } from './list-alerts.ts';
export type { AlertWorld, WatchedBudget } from './watched-budget.ts';
