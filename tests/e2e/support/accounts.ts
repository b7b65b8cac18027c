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

/** Who sets something up, at the servers where one can; each test has somebody of its own. By first name. */
export const holders = {
  /** Is asked for nothing but a passkey. */
  ada: account('Ada', 'Enrols'),
  ben: account('Ben', 'Autofill'),
  cleo: account('Cleo', 'Button'),
  dev: account('Dev', 'Second'),
  fay: account('Fay', 'Cancels'),
  gil: account('Gil', 'Tabs'),
  hal: account('Hal', 'Forgets'),
  ivo: account('Ivo', 'Without'),
  ivy: account('Ivy', 'Skips'),
  kay: account('Kay', 'Cancels'),
  lou: account('Lou', 'Second'),
} as const;

/** Who sets something up at the server that offers everything. By first name. */
export const collectors = {
  amy: account('Amy', 'Codes'),
  bob: account('Bob', 'Question'),
  cat: account('Cat', 'Own'),
  dan: account('Dan', 'Phone'),
  eli: account('Eli', 'Called'),
  fred: account('Fred', 'Push'),
  gus: account('Gus', 'Denies'),
  hetty: account('Hetty', 'Locked'),
  ian: account('Ian', 'Link'),
  jan: account('Jan', 'Denied'),
  ken: account('Ken', 'Stale'),
  liv: account('Liv', 'Twice'),
  max: account('Max', 'Chooses'),
  ned: account('Ned', 'Again'),
  ola: account('Ola', 'Resends'),
  peg: account('Peg', 'Offline'),
  quin: account('Quin', 'Hidden'),
  rob: account('Rob', 'Expires'),
  una: account('Una', 'Unmounts'),
  viv: account('Viv', 'Fails'),
  zoe: account('Zoe', 'Copies'),
} as const;

/** Who signs in at the server that demands something. By first name. */
export const obliged = {
  sue: account('Sue', 'Must'),
  tom: account('Tom', 'Numbers'),
  ute: account('Ute', 'Late'),
} as const;

/** A password that the server's rules accept and nobody has used before. */
export const NEW_PASSWORD = 'Battery-Staple-77';
