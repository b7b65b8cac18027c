/**
 * The options as a type. Made from `options.schema.mjs` by `scripts/build/options.mjs`: change it there.
 */
import type { ThemeVariable } from './customize/theme-variables.js';
import type { SignInError } from './errors.js';
import type { Hook, Outcome, RegistrationData, RegistrationField, UsernameOperation } from './types.js';

/** What `createSignIn` takes. An option that is `undefined` counts as not given. */
export interface SignInOptions {
  /**
   * Address of the authorization server, as in its discovery document. `https`, or `http` on localhost; no query
   * and no fragment.
   */
  readonly issuer: string;
  /** The client id that the identity server gave to this page. */
  readonly clientId: string;
  /**
   * Address that is registered for this client. May be relative (`/callback`): it is resolved against the page's
   * address when the widget is mounted. `https`, or `http` on localhost.
   */
  readonly redirectUri: string;
  /** Called with the `Outcome` when the person is through, the same as the `success` event. Default: nobody. */
  readonly onSuccess?: ((outcome: Outcome) => void) | undefined;
  /** Called with each failure that a developer should know of, the same as the `error` event. Default: nobody. */
  readonly onError?: ((error: SignInError) => void) | undefined;
  /** What is asked for (RFC 6749 section 3.3). Default: `['openid', 'profile', 'email']`. */
  readonly scopes?: readonly string[] | undefined;
  /** Value that comes back with an interaction code (RFC 6749 section 10.12). Default: random, and checked here. */
  readonly state?: string | undefined;
  /** Value that comes back in the ID token (OIDC Core 3.1.2.1). Default: random, and checked here. */
  readonly nonce?: string | undefined;
  /**
   * PKCE challenge of the page's own backend (RFC 7636 section 4.2), 43 characters of base64url. With it the
   * outcome is an `interaction-code` that the backend redeems. Goes together with `codeChallengeMethod`. Default:
   * the widget makes its own and redeems the code itself.
   */
  readonly codeChallenge?: string | undefined;
  /** How `codeChallenge` was made; goes together with it. Default: none. */
  readonly codeChallengeMethod?: 'S256' | undefined;
  /** Name or address to fill in for the person. Default: the field is empty. */
  readonly username?: string | undefined;
  /**
   * Authentication context classes that are wanted (OIDC Core 3.1.2.1), best first, separated by spaces. Default:
   * none.
   */
  readonly acrValues?: string | undefined;
  /** How long ago the person may have signed in, in seconds (OIDC Core 3.1.2.1). Default: any time. */
  readonly maxAge?: number | undefined;
  /** Token of an activation mail. Default: none. */
  readonly activationToken?: string | undefined;
  /** Token of a recovery mail. Default: none. */
  readonly recoveryToken?: string | undefined;
  /**
   * Token of a transaction that the server began before it sent this page, for sign-in pages that the server shows
   * itself. The sign-in then ends with a redirect, and the outcome is `redirected`. Default: none.
   */
  readonly stateToken?: string | undefined;
  /** Which way the person enters. Default: `login`. */
  readonly flow?: 'login' | 'signup' | 'resetPassword' | 'unlockAccount' | undefined;
  /** Which API of the identity server is spoken. Default: `idx`. Planned: `authn`, `direct`. */
  readonly engine?: 'idx' | undefined;
  /**
   * Where the form is. `'embedded'`: on this page. `'redirect'`: on the identity server's own; here is a card with
   * one button, which sends the browser there with PKCE, state and nonce and remembers this page. Back at
   * `redirectUri`, `handleCallback()` of `latchkey/tokens` finishes it and restores the page. Nobody is sent off
   * without a press; a page that wants that calls `signInWithRedirect()` of `latchkey/tokens` instead, which is
   * the same code. The server may be any OpenID provider with a discovery document. Options about what a form
   * would do (`flow`, `codeChallenge`, tokens, `state`, `nonce`) are refused. Default: `embedded`.
   */
  readonly mode?: 'embedded' | 'redirect' | undefined;
  /**
   * Whether the form is fenced off from the page's styles: `shadow` puts it into an open shadow root, with
   * `latchkey.css` from beside `latchkey.js` or from `assetsUrl`. Variables still reach it. Some password managers
   * and browsers do not fill fields in shadow roots. Counts when the widget is mounted. Default: `none`.
   */
  readonly isolation?: 'none' | 'shadow' | undefined;
  /**
   * Language of the texts, as a BCP 47 tag: `ar`, `de`, `en`, `es`, `fr`, `it`, `ja`, `nl`, `pl`, `pt-BR`, or one
   * that `messages` has texts for. `auto` takes the nearest `lang` attribute around the widget, else the languages
   * of the browser, else English. Default: `auto`.
   */
  readonly language?: string | undefined;
  /**
   * Texts in the page's own words, by the names that `locales/en.json` has; for every language, or below a
   * language's tag for that one. An unknown name is reported with the nearest known one, and a text with other
   * placeholders is not taken. Default: none.
   */
  readonly messages?: Readonly<Record<string, string | Readonly<Record<string, string>>>> | undefined;
  /** Colours. `auto` follows the operating system. Default: `auto`. */
  readonly colorScheme?: 'light' | 'dark' | 'auto' | undefined;
  /**
   * Folder of the package's files, for pages that cannot serve them beside `latchkey.js`: the WebAssembly, the
   * languages, the scripts that only some sign-ins need, their frame. Relative to the page; from another origin it
   * needs CORS, and the policy of the page must let scripts come from there (`script-src`). Default: the folder of
   * the script.
   */
  readonly assetsUrl?: string | undefined;
  /** Aborting it is the same as calling `destroy`. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The code of a mailed link that leads to this page (`?otp=…&state=…`), together with `state` from the same
   * link. The sign-in that waits for it in this tab goes on by itself. Where none does, the person is shown the
   * code, to type it where they began. Default: none.
   */
  readonly otp?: string | undefined;
  /** Whose sign-in it is: stands above the form. Default: nothing. */
  readonly brand?: Brand | undefined;
  /**
   * Values of the CSS variables of the widget, by their names without `--latchkey-`: `colorAccent` is
   * `--latchkey-color-accent`. They are set on the element of the widget and win over those that a style sheet
   * sets around it. Default: what the style sheets say.
   */
  readonly theme?: Readonly<Partial<Record<ThemeVariable, string>>> | undefined;
  /** Links to the pages of the customer, beside the form or in place of ways of the widget. Default: none. */
  readonly helpLinks?: HelpLinks | undefined;
  /** Buttons of the page on the first screen. Default: none. */
  readonly customButtons?: readonly CustomButton[] | undefined;
  /**
   * Identity providers to offer on the first screen, where the identity server does not name them by itself.
   * Default: those that the identity server names.
   */
  readonly idps?: readonly IdentityProvider[] | undefined;
  /**
   * Changes the registration form and what it sends. A function that rejects, or throws, an object `{ message,
   * fields? }` has it shown in the form; `fields` has texts by the name of the field. Default: as the identity
   * server wants it.
   */
  readonly registration?: Registration | undefined;
  /**
   * Gives the user name that is sent, from the one that was typed. What stands in the field stays as it is.
   * Default: it is sent as typed.
   */
  readonly transformUsername?: ((username: string, operation: UsernameOperation) => string | Promise<string>) | undefined;
  /**
   * Functions of the page around the steps of a sign-in, by the name of the step as in the `screen` event,
   * `success-redirect` for its end, and `*` for all. Once the widget is taken away, none is called any more.
   * Default: none.
   */
  readonly hooks?: Hooks | undefined;
  /** Switches for single behaviours. Default: as below. */
  readonly features?: Features | undefined;
}

/** Whose sign-in it is: stands above the form. */
export interface Brand {
  /** What it is called; shown where there is no logo, and part of the page title if `features.setPageTitle` is on. */
  readonly name?: string | undefined;
  /** Address of a picture. The policy of the page must let it be loaded (`img-src`). */
  readonly logo?: string | undefined;
  /** What the logo says, for those who do not see it. Default: the name. */
  readonly logoText?: string | undefined;
}

/** A link. */
export interface HelpLink {
  /** What it says. */
  readonly text: string;
  /** Where it leads. */
  readonly href: string;
  /** In which tab. Default: `_self`. */
  readonly target?: '_self' | '_blank' | undefined;
}

/** Links to the pages of the customer, beside the form or in place of ways of the widget. */
export interface HelpLinks {
  /** Help with signing in, on the first screen. */
  readonly help?: string | undefined;
  /** Where a forgotten password is recovered, instead of here. */
  readonly forgotPassword?: string | undefined;
  /** Where an account is unlocked, instead of here. */
  readonly unlock?: string | undefined;
  /** More links on the first screen. */
  readonly custom?: readonly HelpLink[] | undefined;
  /** A link on each screen that asks for an authenticator. */
  readonly factorPage?: HelpLink | undefined;
}

/** A button. */
export interface CustomButton {
  /** What stands on it. */
  readonly title: string;
  /** Called when it is pressed; a promise is waited for. */
  readonly click: () => unknown;
}

/** A provider. */
export interface IdentityProvider {
  /** What the identity server calls it. */
  readonly id: string;
  /** What stands on its button. Default: “Sign in with” and the name of the type. */
  readonly text?: string | undefined;
  /** What kind of provider it is, such as `GOOGLE`, `MICROSOFT` or `OIDC`. */
  readonly type?: string | undefined;
}

/**
 * Changes the registration form and what it sends. A function that rejects, or throws, an object `{ message,
 * fields? }` has it shown in the form; `fields` has texts by the name of the field.
 */
export interface Registration {
  /** Called when somebody wants to register, who then does so elsewhere. */
  readonly click?: (() => unknown) | undefined;
  /**
   * Gives the fields of the form, from those that the identity server wants. Others that it does not know are
   * refused there.
   */
  readonly parseSchema?: ((schema: RegistrationField[]) => readonly RegistrationField[] | Promise<readonly RegistrationField[]>) | undefined;
  /** Gives what is sent, from what was typed. */
  readonly preSubmit?: ((data: RegistrationData) => RegistrationData | Promise<RegistrationData>) | undefined;
  /** Called with the answer of the identity server once it has taken the form. The next screen waits for it. */
  readonly postSubmit?: ((response: Readonly<Record<string, unknown>>) => unknown) | undefined;
}

/**
 * Functions of the page around the steps of a sign-in, by the name of the step as in the `screen` event,
 * `success-redirect` for its end, and `*` for all. Once the widget is taken away, none is called any more.
 */
export interface Hooks {
  /**
   * Called when the identity server has brought another step; its screen waits for them. One that rejects, or
   * throws, an object `{ message }` has it shown.
   */
  readonly before?: Readonly<Record<string, Hook | readonly Hook[]>> | undefined;
  /**
   * Called once the screen of a step has been drawn, and not waited for; at the end, before `onSuccess`, unless
   * the browser is leaving. What one rejects with, or throws, is an error `hooks.failed` and not shown.
   */
  readonly after?: Readonly<Record<string, Hook | readonly Hook[]>> | undefined;
}

/** Switches for single behaviours. */
export interface Features {
  /**
   * The browser’s Back button goes back one screen. While there is one, the history has an entry more, with the
   * same address. Default: `false`.
   */
  readonly backButton?: boolean | undefined;
  /** The box “Keep me signed in” is there where the identity server offers it. Default: `true`. */
  readonly rememberMe?: boolean | undefined;
  /** The screens after the first say who is signing in. Default: `true`. */
  readonly showIdentifier?: boolean | undefined;
  /** A password can be made readable while it is typed. Default: `true`. */
  readonly showPasswordToggle?: boolean | undefined;
  /** The way back to the first screen is left out where an authenticator is asked for. Default: `false`. */
  readonly hideSignOutLinkInMFA?: boolean | undefined;
  /** Each screen begins in its first field, instead of at its heading; the very first one, too. Default: `false`. */
  readonly autoFocus?: boolean | undefined;
  /**
   * The title of the page follows the heading of the screen and the name of the brand; or is the text, or what the
   * function gives. Default: `false`.
   */
  readonly setPageTitle?: (boolean | string | ((heading: string, brand: string | undefined) => string)) | undefined;
}
