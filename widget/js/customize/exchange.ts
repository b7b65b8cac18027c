/**
 * What happens to a request and its answer on the way between the widget and the identity server.
 *
 * - A request for one of our own addresses leaves for nowhere: it calls a function of the page.
 * - What is typed goes through the page's functions before it is sent. If one says no, nothing is sent: the last answer is given
 *   again with what was said in it, so the screen stays as it is.
 * - An answer goes through the page's functions before it is drawn. If one says no, the answer waits: a page says so and offers
 *   to try again, and that calls the function again and not the server.
 *
 * No DOM.
 */
import type { SignInErrorCode } from '../error-code.js';
import type { Registration, SignInOptions } from '../sign-in-options.js';
import type { UsernameOperation } from '../types.js';
import { BUTTON, edit, GO_ON, OWN, ownForm, REGISTER } from './edit.js';
import { callHooks } from './hooks.js';
import { absolute, collection, copyOf, formAt, formsOf, isObject, readAnswer, stepOf, type Answer, type Form, type Step } from './idx.js';
import { bodyWithCode, codeForElsewhere, formForCode } from './otp.js';
import { addRefusal, ask, clearMessages, Refused } from './refusal.js';
import { bodyOf, dataOf, schemaOf, setSchema } from './registration.js';

/** What an exchange has around it. */
export interface Surroundings {
  /** The options as they are now. */
  options(): SignInOptions;
  /** Tells the page's developer what failed. */
  report(code: SignInErrorCode, message: string, cause?: unknown): unknown;
  /** Sends a request for good. */
  send(request: Request): Promise<Response>;
  /** The address of the page: links are relative to it. */
  readonly page: string;
}

/** An answer that functions of the page look at before it is drawn. */
interface Waiting {
  readonly answer: Answer;
  readonly response: Response;
  /** What is still to be asked. */
  readonly questions: Question[];
}

/** Ends with {@link Refused} where the page says no. */
type Question = () => Promise<unknown>;

/** Milliseconds that a request may take which functions of the page have held up for longer than the widget waits. */
const OWN_TIME = 30_000;

const ENROLL = 'enroll-profile';

/** What a user name is typed for, by the form that it is typed into. */
const OPERATIONS: Readonly<Record<string, UsernameOperation>> = {
  identify: 'PRIMARY_AUTH',
  'identify-recovery': 'FORGOT_PASSWORD',
  'unlock-account': 'UNLOCK_ACCOUNT',
  'select-authenticator-unlock-account': 'UNLOCK_ACCOUNT',
};

/** Codes of mailed links that were sent, by `state`: a widget that is mounted anew has the same option still. */
const sent = new Set<string>();

/** One widget's, from its mount to its end. */
export class Exchange {
  readonly #around: Surroundings;
  readonly #ended = new AbortController();
  /** What the widget was given last, and shows. */
  #given: Answer | undefined;
  /** The step that is shown. */
  #step: Step | undefined;
  #waiting: Waiting | undefined;
  /** The code of a mailed link, until something was done with it. */
  #otp: string | undefined;
  #isElsewhere = false;
  /** Counts what the widget has asked for. */
  #turn = 0;
  #drawnFrom: string;

  constructor(around: Surroundings) {
    this.#around = around;
    const { otp, state } = around.options();
    this.#otp = sent.has(`${state} ${otp}`) ? undefined : otp;
    this.#drawnFrom = describe(around.options());
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get #issuer(): string {
    return new URL(this.#around.options().issuer).origin;
  }

  /** True where an answer would read different with the options as they are now; said once. */
  isStale(): boolean {
    const before = this.#drawnFrom;
    this.#drawnFrom = describe(this.#around.options());
    return this.#drawnFrom !== before;
  }

  /** Nothing that was begun counts any more. */
  end(): void {
    this.#ended.abort();
  }

  /** Takes the place of `fetch`. */
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const elsewhere = this.#codeForElsewhere(pathname);
    if (elsewhere) return elsewhere;
    const isOwn = pathname.startsWith(OWN);
    if (!isOwn && (!pathname.startsWith('/idp/idx/') || this.#isLeaving(request))) return this.#around.send(request);
    const turn = ++this.#turn;
    const form = this.#given && formAt(this.#given, request.url);
    try {
      if (isOwn) return await this.#act(pathname.slice(OWN.length), turn);
      return await this.#receive(await this.#sent(await this.#edited(request, form), turn), form, turn);
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      this.#check(turn);
      return this.#giveAgain(isOwn ? undefined : form, cause);
    }
  }

  /** The widget tells the server that it gives up, and waits for no answer; unless the server began. */
  #isLeaving({ url }: Request): boolean {
    const cancel = this.#given?.['cancel'];
    const href = isObject(cancel) && typeof cancel['href'] === 'string' ? absolute(cancel['href'], url) : undefined;
    return href === url && this.#around.options().stateToken === undefined;
  }

  /** Whoever has asked for something else since then does not wait for this any more. */
  #check(turn: number): void {
    if (this.signal.aborted || turn !== this.#turn) throw new DOMException('nobody waits for it any more', 'AbortError');
  }

  // ── the request ──

  async #edited(request: Request, form: Form | undefined): Promise<Request> {
    const { transformUsername, registration } = this.#around.options();
    if (!form || !(transformUsername ?? registration?.preSubmit)) return request;
    const before = await request.clone().text();
    let body = JSON.parse(before) as Record<string, unknown>;
    const operation = OPERATIONS[String(form.name)];
    const { identifier } = body;
    if (transformUsername && operation && typeof identifier === 'string') {
      body = { ...body, identifier: await ask('transformUsername', async () => asText(await transformUsername(identifier, operation))) };
    }
    const preSubmit = registration?.preSubmit;
    if (preSubmit && form.name === ENROLL) body = await ask('registration.preSubmit', async () => bodyOf(body, await preSubmit(dataOf(body))));
    const after = JSON.stringify(body);
    return after === before ? request : new Request(request, { body: after });
  }

  /** Functions of the page may take longer than the widget waits; the request has a time of its own then. */
  async #sent(request: Request, turn: number): Promise<Response> {
    this.#check(turn);
    if (!request.signal.aborted) return this.#around.send(request);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), OWN_TIME);
    try {
      return await this.#around.send(new Request(request, { signal: timeout.signal }));
    } finally {
      clearTimeout(timer);
    }
  }

  // ── the answer ──

  async #receive(response: Response, form: Form | undefined, turn: number): Promise<Response> {
    const text = await response.clone().text();
    this.#check(turn);
    const raw = readAnswer(text);
    if (!raw) return response;
    const otp = this.#takeOtp();
    const waiting = otp === undefined ? undefined : formForCode(raw, this.#issuer);
    if (otp !== undefined && waiting) return this.#sendCode(raw, waiting, otp, turn);
    const answer = copyOf(raw);
    edit(answer, this.#around.options(), { page: this.#around.page, issuer: this.#issuer });
    return this.#goOn({ answer, response, questions: this.#questions(raw, answer, form) }, turn);
  }

  /** What the page is asked about an answer. */
  #questions(raw: Answer, answer: Answer, form: Form | undefined): Question[] {
    // Looked up when they are called, since what refuses may be mended meanwhile.
    const registration = () => this.#around.options().registration ?? {};
    const { postSubmit, parseSchema } = registration();
    const step = stepOf(raw);
    const [first] = formsOf(answer);
    const isTaken = form?.name === ENROLL && step.name !== ENROLL;
    const isOther = this.#step?.name !== step.name || this.#step.authenticator !== step.authenticator;
    return [
      postSubmit && isTaken && (() => ask('registration.postSubmit', () => registration().postSubmit?.(raw))),
      parseSchema && first?.name === ENROLL && (() => ask('registration.parseSchema', () => molded(first, registration().parseSchema))),
      isOther && (() => callHooks('before', step, this.#around.options, this.signal)),
    ].filter((question) => typeof question === 'function');
  }

  /** Asks what is still to be asked, and then lets the answer through. */
  async #goOn(waiting: Waiting, turn: number): Promise<Response> {
    for (let question; (question = waiting.questions[0]); waiting.questions.shift()) {
      try {
        await question();
      } catch (cause) {
        if (!(cause instanceof Refused)) throw cause;
        this.#check(turn);
        return this.#hold(waiting, cause);
      }
      this.#check(turn);
    }
    this.#waiting = undefined;
    this.#step = stepOf(waiting.answer);
    return this.#give(waiting.answer, waiting.response);
  }

  /** A page of its own while an answer waits: what was said, and a button that asks again. */
  #hold(waiting: Waiting, refused: Refused): Response {
    this.#waiting = waiting;
    const { user, app, cancel, stateHandle } = waiting.answer;
    const answer: Answer = { version: '1.0.0', stateHandle, user, app, cancel, remediation: collection([ownForm('try-again', GO_ON)]) };
    return this.#say(answer, undefined, refused);
  }

  #give(answer: Answer, { status, headers = new Headers() }: Pick<Response, 'status'> & Partial<Pick<Response, 'headers'>>): Response {
    this.#given = answer;
    return new Response(JSON.stringify(answer), { status, headers });
  }

  // ── what is answered here ──

  /** A function of the page that somebody has pressed for. */
  async #act(what: string, turn: number): Promise<Response> {
    const { registration, customButtons = [] } = this.#around.options();
    const [kind, index] = what.split('/');
    if (kind === GO_ON && this.#waiting) return this.#goOn(this.#waiting, turn);
    if (kind === REGISTER) await ask('registration.click', () => registration?.click?.());
    if (kind === BUTTON) await ask(`customButtons[${index}].click`, () => customButtons[Number(index)]?.click());
    this.#check(turn);
    return this.#giveAgain(undefined);
  }

  /** The same screen as before, so that what was typed stays; with what was said about it. */
  #giveAgain(form: Form | undefined, refused?: Refused): Response {
    const answer = copyOf(this.#given ?? { version: '1.0.0' });
    const forms = formsOf(answer);
    const place = forms.findIndex(({ name, href }) => form !== undefined && name === form.name && href === form.href);
    // The form that was sent may have been opened by the person; now it is the first, and so is what is shown.
    forms.unshift(...forms.splice(Math.max(place, 0), 1));
    clearMessages(answer);
    return refused ? this.#say(answer, forms[0], refused) : this.#give(answer, { status: 200 });
  }

  #say(answer: Answer, form: Form | undefined, refused: Refused): Response {
    if (!refused.said) this.#around.report('hooks.failed', refused.message, refused.cause);
    addRefusal(answer, form, refused);
    return this.#give(answer, { status: 400 });
  }

  // ── the code of a mailed link ──

  #takeOtp(): string | undefined {
    const otp = this.#otp;
    this.#otp = undefined;
    return otp;
  }

  /** The very first request begins a new sign-in: so the one that waits for the code is somewhere else. */
  #codeForElsewhere(pathname: string): Response | undefined {
    if (this.#otp === undefined || this.#given) return undefined;
    if (pathname.endsWith('/v1/interact')) {
      this.#isElsewhere = true;
      return new Response(JSON.stringify({ interaction_handle: 'elsewhere' }));
    }
    const otp = this.#isElsewhere && this.#takeOtp();
    return otp ? this.#give(codeForElsewhere(otp), { status: 200 }) : undefined;
  }

  async #sendCode(answer: Answer, form: Form, otp: string, turn: number): Promise<Response> {
    sent.add(`${this.#around.options().state} ${otp}`);
    const headers = { Accept: 'application/json; okta-version=1.0.0', 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, credentials: 'include', redirect: 'error', body: bodyWithCode(answer, otp) } as const;
    return this.#receive(await this.#sent(new Request(new URL(String(form.href), this.#issuer), init), turn), form, turn);
  }
}

async function molded(form: Form, parseSchema: Registration['parseSchema']): Promise<void> {
  if (parseSchema) setSchema(form, await parseSchema(schemaOf(form)));
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('a user name must be a string');
}

/** What screens are drawn from. Functions are looked up when they are called, so only whether there is one counts. */
const describe = ({ idps, customButtons, helpLinks, features, registration = {} }: SignInOptions): string =>
  JSON.stringify([idps, customButtons, helpLinks, features, !!registration.click, !!registration.parseSchema]);
