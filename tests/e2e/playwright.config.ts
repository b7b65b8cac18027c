/**
 * Whole sign-ins in Chromium, against the real server and the built package, under the strict policy.
 *
 * The servers are started by `support/world.ts` on free ports and with a database of their own. A test that fails has
 * failed: nothing is tried twice.
 */
import { defineConfig } from '@playwright/test';

/** Chromium's sandbox does not start as root, which is what one is in most containers. */
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './support/world.ts',
  workers: 2,
  retries: 0,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    viewport: { width: 1024, height: 800 },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        ...['--headless', ...sandbox, '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    },
  },
});
