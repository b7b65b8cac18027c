// What the person who called the command can mend. A file of its own, because two commands have it, and one of them is bundled.

/** `isCall` if it is the call itself. */
export class Mistake extends Error {
  name = 'Mistake';

  constructor(message, isCall = false) {
    super(message);
    this.isCall = isCall;
  }
}
