/** People that nobody knows yet: one for each test that registers somebody. */
import type { Profile } from './screens/profile.js';

let count = 0;

/** Somebody new; the address is never the same twice in one run. */
export function stranger(): Profile {
  count += 1;
  const email = `stranger-${process.env['TEST_WORKER_INDEX'] ?? '0'}-${count}-${Date.now()}@example.com`;
  return { email, firstName: 'Jo', lastName: 'Stranger' };
}
