// A customer's React code that uses every public type of `latchkey/react`. It is compiled and not run.

import type { SignInElement } from 'latchkey';
import { SignIn, type SignInProps } from 'latchkey/react';
import { useRef, type ReactNode } from 'react';

const props: SignInProps = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };

export function Page(): ReactNode {
  const element = useRef<SignInElement>(null);
  return (
    <>
      <SignIn
        {...props}
        ref={element}
        id="sign-in"
        className="card"
        style={{ minBlockSize: '21rem' }}
        colorScheme="dark"
        onReady={() => element.current?.update({ username: 'pat@example.com' })}
        onScreen={({ name, authenticator }) => console.log(name, authenticator?.length)}
        onSuccess={(outcome) => console.log(outcome.status satisfies 'signed-in' | 'interaction-code' | 'redirected' | 'cancelled')}
        onError={({ code }) => console.log(code)}
        onUnload={() => undefined}
      />
      <latchkey-sign-in
        issuer="https://id.example.com/oauth2/default"
        client-id="0oa1"
        redirect-uri="/callback"
        className="card"
        onsuccess={({ detail }) => console.log(detail.status)}
      />
      {/* @ts-expect-error three are required */}
      <SignIn issuer="https://id.example.com/oauth2/default" />
      {/* @ts-expect-error there is no such option */}
      <SignIn {...props} clientid="x" />
    </>
  );
}
