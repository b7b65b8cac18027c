import { SignIn } from 'latchkey/react';
import 'latchkey/latchkey.css';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

const issuer = document.querySelector('meta[name="issuer"]').content;

function App() {
  const [person, setPerson] = useState();
  return (
    <>
      <h1>Latchkey with React</h1>
      {person ? (
        <p role="status">Welcome, {person.name}</p>
      ) : (
        <SignIn issuer={issuer} clientId="demo-spa" redirectUri="/callback" onSuccess={({ tokens }) => setPerson(tokens.idToken.claims)} />
      )}
    </>
  );
}

createRoot(document.querySelector('#root')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
