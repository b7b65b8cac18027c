/**
 * A React app that a test renders as it wants, in StrictMode. It is bundled once with each version of React, by `site.ts`.
 */
import type { SignInElement, SignInOptions } from 'latchkey';
import { SignIn, type SignInProps } from 'latchkey/react';
import { createRef, StrictMode, version, type ReactNode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';

/** What the page has for its tests. */
export interface ReactWindow {
  readonly version: string;
  readonly seen: string[];
  readonly element: { readonly current: SignInElement | null };
  /** Renders the component with these props on top of those that work, or without it. */
  show(props?: Partial<SignInProps>, name?: string): void;
  hide(): void;
  /** Takes over what the server's render gives (`tests/js/react.test.mjs`). */
  hydrate(): void;
}

const options: SignInOptions = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="options"]')?.content ?? '');
const place = document.querySelector('#root') as HTMLElement;
const element = createRef<SignInElement>();
const seen: string[] = [];
let root: Root | undefined;

const tree = (props: Partial<SignInProps>, name: string): ReactNode => (
  <StrictMode>
    <SignIn
      {...options}
      ref={element}
      className="place"
      scopes={['openid', 'profile', 'email']}
      onReady={() => seen.push(`${name}: ready`)}
      onScreen={(screen) => seen.push(`${name}: screen ${screen.name}`)}
      onSuccess={(outcome) => seen.push(`${name}: ${outcome.status}`)}
      onError={(error) => seen.push(`${name}: ${error.message}`)}
      onUnload={() => seen.push(`${name}: unload`)}
      {...props}
    />
  </StrictMode>
);

const app: ReactWindow = {
  version,
  seen,
  element,
  show: (props = {}, name = 'first') => (root ??= createRoot(place)).render(tree(props, name)),
  hide: () => root?.render(<StrictMode />),
  hydrate: () => {
    // What a server has sent is there before any script; the page's policy lets no script put it there as HTML.
    const sent = document.createElement('div');
    sent.className = 'place';
    place.replaceChildren(sent);
    root = hydrateRoot(place, tree({}, 'first'), { onRecoverableError: (error) => seen.push(`recovered: ${String(error)}`) });
  },
};
Object.assign(window, { app });
