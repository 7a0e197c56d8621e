export const bflHosts: readonly string[] = ['*.bfl.ai'];
