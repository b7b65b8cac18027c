/**
 * Keeps what was typed while a form is drawn anew in another language: the fields are the same, with other words around them.
 *
 * Values stay in this page's memory, for the moment between two drawings.
 */

/** Remembers what is in the fields of `host` now; the function given back puts it into those that stand there then. */
export function keepTyped(host: HTMLElement): () => Promise<void> {
  const typed = controls(host).map((control) => ({ key: keyOf(control), value: control.value, isChecked: isChecked(control) }));
  // In a shadow root, the document knows the root's host only.
  const { activeElement } = host.getRootNode() as Document | ShadowRoot;
  const focused = activeElement?.id;
  const selection = selectionOf(activeElement);
  return async () => {
    // Radio buttons first: the fields that one of them brings are drawn a turn later.
    for (const control of controls(host)) {
      const kept = typed.find(({ key }) => key === keyOf(control));
      if (kept?.isChecked === undefined || kept.isChecked === isChecked(control)) continue;
      (control as HTMLInputElement).checked = kept.isChecked;
      if (kept.isChecked) tell(control, 'change');
    }
    await new Promise((resolve) => setTimeout(resolve));
    for (const control of controls(host)) {
      const kept = typed.find(({ key, isChecked: checked }) => key === keyOf(control) && checked === undefined);
      if (!kept || kept.value === control.value) continue;
      control.value = kept.value;
      tell(control, 'input');
    }
    const again = focused ? host.querySelector<HTMLElement>(`#${CSS.escape(focused)}`) : null;
    again?.focus();
    if (again instanceof HTMLInputElement && selection) again.setSelectionRange(...selection);
  };
}

type Control = HTMLInputElement | HTMLSelectElement;

const controls = (host: HTMLElement): Control[] => [...host.querySelectorAll<Control>('input[name], select[name]')];

const isBox = (control: Control): control is HTMLInputElement => /^(radio|checkbox)$/.test(control.type);

const isChecked = (control: Control): boolean | undefined => (isBox(control) ? control.checked : undefined);

/** One of a group has its value to be told by, others their name alone. */
const keyOf = (control: Control): string => `${control.name}\0${isBox(control) ? control.value : ''}`;

const tell = (control: Control, event: string): boolean => control.dispatchEvent(new Event(event, { bubbles: true }));

/** Fields of some types have none. */
function selectionOf(element: Element | null): [number, number] | undefined {
  if (!(element instanceof HTMLInputElement) || element.selectionStart === null) return undefined;
  return [element.selectionStart, element.selectionEnd ?? element.selectionStart];
}
