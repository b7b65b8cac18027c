/** Changes one member of a JSON value, and leaves the value itself alone. */

/** Any JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
/** Names and positions, from the outside in. */
export type Path = readonly (string | number)[];

/** The paths of all members, each before those within it; the value itself is not among them. */
export function pathsOf(json: Json, at: Path = []): Path[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((key) => {
    const path = [...at, Array.isArray(json) ? Number(key) : key];
    return [path, ...pathsOf((json as Record<string, Json>)[key] ?? null, path)];
  });
}

/** What is at this path; fails where there is nothing. */
export function member(json: Json, path: Path): Json {
  return path.reduce<Json>((inner, key) => {
    const next = (inner as Record<string | number, Json> | null)?.[key];
    if (next === undefined) throw new Error(`there is no ${path.join('.')}`);
    return next;
  }, json);
}

/** A copy with another value at this path. */
export function withValue(json: Json, path: Path, value: Json): Json {
  const copy = structuredClone(json);
  const parent = member(copy, path.slice(0, -1)) as Record<string | number, Json>;
  parent[path.at(-1) ?? ''] = value;
  return copy;
}

/** A copy without what is at this path. */
export function without(json: Json, path: Path): Json {
  const copy = structuredClone(json);
  const parent = member(copy, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, Json>)[key];
  return copy;
}
