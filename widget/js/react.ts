'use client';
/**
 * `latchkey/react`: the element as a component. Props are options, handlers are those of the last render, `ref` is the element.
 *
 * What React renders is an empty `div`, the same on the server; the element is put into it by hand. So React never meets children
 * that it has not made, and does not set attributes, which it did for every prop before version 19. The two extra effects of
 * StrictMode move the element out and in again in one turn, which it does not notice. JSX itself is not in here.
 */
import {
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  type CSSProperties,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from 'react';
import type { SignInElement, SignInElementAttributes, SignInEvents, SignInOptions } from './index.js';
import './index.js';

/** What `<SignIn>` takes: every option, a handler for each event, and what places and styles the `div` around it. */
export interface SignInProps extends SignInOptions {
  /** The first screen that a person can use is drawn. */
  readonly onReady?: (() => void) | undefined;
  /** Another screen is drawn. */
  readonly onScreen?: ((screen: SignInEvents['screen']) => void) | undefined;
  /** The widget has been taken out of the page. */
  readonly onUnload?: (() => void) | undefined;
  /** Of the `div` around it. */
  readonly id?: string | undefined;
  /** Of the `div` around it. */
  readonly className?: string | undefined;
  /** Of the `div` around it. */
  readonly style?: CSSProperties | undefined;
}

type Handlers = Pick<SignInProps, 'onReady' | 'onScreen' | 'onSuccess' | 'onError' | 'onUnload'>;

/** On the server there is nothing to do, and React would warn of the other one. */
const useBrowserEffect = typeof document === 'object' ? useLayoutEffect : useEffect;

/**
 * The widget as a component. Other props change the running widget, and whatever they say is wrong is told to `onError` and in its
 * place. Taken out of the tree it is unmounted; rendered anew it goes on where the person was.
 */
export const SignIn: ForwardRefExoticComponent<SignInProps & RefAttributes<SignInElement>> = forwardRef<SignInElement, SignInProps>(
  function SignIn({ id, className, style, onReady, onScreen, onSuccess, onError, onUnload, ...options }, ref) {
    const place = useRef<HTMLDivElement>(null);
    const made = useRef<SignInElement | null>(null);
    const handlers = useRef<Handlers>({});
    const before = useRef<object>({});
    useBrowserEffect(() => {
      const element = (made.current ??= make(() => handlers.current));
      place.current?.append(element);
      return () => element.remove();
    }, []);
    useBrowserEffect(() => {
      handlers.current = { onReady, onScreen, onSuccess, onError, onUnload };
      const gone = Object.keys(before.current).map((name) => [name, undefined]);
      before.current = options;
      made.current?.update({ ...Object.fromEntries(gone), ...options });
    });
    useImperativeHandle(ref, () => made.current as SignInElement, []);
    return createElement('div', { ref: place, id, className, style });
  },
);

function make(handlers: () => Handlers): SignInElement {
  const element = document.createElement('latchkey-sign-in');
  element.addEventListener('ready', () => handlers().onReady?.());
  element.addEventListener('screen', ({ detail }) => handlers().onScreen?.(detail));
  element.addEventListener('success', ({ detail }) => handlers().onSuccess?.(detail));
  element.addEventListener('error', ({ detail }) => handlers().onError?.(detail));
  element.addEventListener('unload', () => handlers().onUnload?.());
  return element;
}

/** The element itself in JSX: attributes, and from React 19 on properties and events (`onsuccess`) too. */
type ElementProps = SignInElementAttributes &
  Partial<SignInOptions> & { readonly [Name in keyof SignInEvents as `on${Name}`]?: (event: CustomEvent<SignInEvents[Name]>) => void } & Omit<
    HTMLAttributes<SignInElement>,
    keyof SignInOptions
  > &
  RefAttributes<SignInElement>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'latchkey-sign-in': ElementProps;
    }
  }
}
