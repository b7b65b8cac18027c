import vue from '@vitejs/plugin-vue';

// Vue has to be told which elements are not components of its own.
const isCustomElement = (tag) => tag === 'latchkey-sign-in';

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
