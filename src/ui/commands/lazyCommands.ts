import type { CommandHandler } from "./registerCommands";

/**
 * Commands whose work is a file of its own, loaded with the first of them: each name runs the handler that `load` gives
 * under it.
 */
export function lazyCommands<Handlers extends { readonly [Name in keyof Handlers]: CommandHandler }>(
	names: { readonly [Name in keyof Handlers]: true },
	load: () => Promise<Handlers>,
): Handlers {
	const run =
		(name: keyof Handlers): CommandHandler =>
		async (...given) =>
			(await load())[name](...given);
	return Object.fromEntries(Object.keys(names).map((name) => [name, run(name as keyof Handlers)])) as Handlers;
}
