import type { AdminRoute } from '../admin-route.ts';
import { approveDevice, pollDevice, showDevice, startDevice } from './device-routes.ts';
import { login, loginAsJson, showLogin } from './login.ts';
import { endSso, startSso } from './oidc-routes.ts';
import { changePassword, claimInvitation, showInvitation } from './password-routes.ts';
import { endSaml, samlMetadata, startSaml } from './saml-routes.ts';
import { endSessions, logout, showSession } from './session-routes.ts';
import { showSsoSettings, ssoReadiness, updateSsoSettings } from './sso-settings.ts';

export const signOnRoutes: readonly AdminRoute[] = [
  showLogin,
  login,
  loginAsJson,
  showSession,
  logout,
  endSessions,
  changePassword,
  showInvitation,
  claimInvitation,
  startSso,
  endSso,
  ssoReadiness,
  samlMetadata,
  startSaml,
  endSaml,
  startDevice,
  showDevice,
  approveDevice,
  pollDevice,
  showSsoSettings,
  updateSsoSettings,
];
