// What `ng build` does as well, and nothing more, so that this is small to install: `ngc` has compiled the component ahead of time,
// and Angular's own packages are linked here. Without that Angular would compile in the browser, which needs `unsafe-eval`.
import linker from '@angular/compiler-cli/linker/babel';
import { transformAsync } from '@babel/core';

const angular = {
  name: 'angular-linker',
  async transform(code, id) {
    if (!code.includes('ɵɵngDeclare')) return undefined;
    return transformAsync(code, { filename: id, plugins: [linker], configFile: false, compact: false, sourceMaps: true });
  },
};

export default { plugins: [angular] };
