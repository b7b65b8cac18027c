/**
 * Who is there when the tests begin. A test that changes an account (its password, its failed attempts) has one of its own,
 * so that tests can run beside one another.
 */

/** A person that the server knows. */
export interface Account {
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
}

const account = (firstName: string, lastName: string): Account => ({
  email: `${firstName.toLowerCase()}@example.com`,
  password: 'Correct-Horse-42',
  firstName,
  lastName,
});

/** By first name. */
export const accounts = {
  /** Nobody changes Pat. */
  pat: account('Pat', 'Example'),
  /** Forgets a password. */
  robin: account('Robin', 'Forgetful'),
  /** Forgets a password, by keyboard only. */
  kim: account('Kim', 'Keyboard'),
  /** Types wrong passwords. */
  alex: account('Alex', 'Typo'),
  /** Types so many wrong passwords that the server refuses to listen. */
  sam: account('Sam', 'Locked'),
  /** Signs in with mailed codes. */
  lee: account('Lee', 'Mail'),
  /** Is recovered for the screenshots. */
  dana: account('Dana', 'Pictured'),
} as const;

/** A password that the server's rules accept and nobody has used before. */
export const NEW_PASSWORD = 'Battery-Staple-77';
