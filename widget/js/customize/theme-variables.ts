/**
 * The CSS variables that the option `theme` may set, without `--latchkey-` and with capitals instead of hyphens. Made from
 * `styles/tokens.css` by `scripts/build/options.mjs`.
 */
export const THEME_VARIABLES = [
  'borderCard',
  'colorAccent',
  'colorAccentHover',
  'colorAccentText',
  'colorBorder',
  'colorBorderControl',
  'colorError',
  'colorErrorSurface',
  'colorField',
  'colorFocus',
  'colorInfo',
  'colorInfoSurface',
  'colorLink',
  'colorSuccess',
  'colorSuccessSurface',
  'colorSurface',
  'colorSurfaceMuted',
  'colorText',
  'colorTextQuiet',
  'colorWarning',
  'colorWarningSurface',
  'fontFamily',
  'fontFamilyCode',
  'fontSize',
  'fontSizeSmall',
  'fontSizeTitle',
  'fontWeightStrong',
  'radiusCard',
  'radiusControl',
  'shadowCard',
  'sizeCard',
  'sizeControl',
  'spaceCard',
  'spaceField',
  'spacePart',
] as const;

/** One of them. */
export type ThemeVariable = (typeof THEME_VARIABLES)[number];
