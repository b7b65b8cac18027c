// Only so that JSX needs no import of its own; `@vitejs/plugin-react` does it too.
export default { oxc: { jsx: { runtime: 'automatic' } } };
