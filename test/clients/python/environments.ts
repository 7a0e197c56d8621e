/** Each folder of clients, and the Python that has its libraries: scripts/test-clients.js makes them and says where they are. */
export const environments = (): { folder: string; python: string }[] =>
  Object.entries(JSON.parse(process.env['SLUICE_TEST_PYTHON'] ?? '{}') as Record<string, string>).map(([folder, python]) => ({
    folder,
    python,
  }));
